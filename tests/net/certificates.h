/* SPDX-License-Identifier: GPL-3.0-or-later */

/* Certificates for tests of secure connections, valid from 2020 to 2120, made for this purpose only
 * (P-256). */

#pragma once

/* an authority that no system trusts */
#define TEST_CA_CERTIFICATE \
  "-----BEGIN CERTIFICATE-----\n" \
  "MIIBWDCB/6ADAgECAhRoqo6t/JiU9o3E2OYdpCdPv3+6dzAKBggqhkjOPQQDAjAZ\n" \
  "MRcwFQYDVQQDDA5UZXN0IGF1dGhvcml0eTAgFw0yMDAxMDEwMDAwMDBaGA8yMTIw\n" \
  "MDEwMTAwMDAwMFowGTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwWTATBgcqhkjO\n" \
  "PQIBBggqhkjOPQMBBwNCAAS2mTM1LpWubKnIRNPqSEBQwwzo8B4VDew2PmXWqFjw\n" \
  "Pwvx1NdoGH32drMeQj505+OFx7gAbNF1KYPQKBRdQ0ZXoyMwITAPBgNVHRMBAf8E\n" \
  "BTADAQH/MA4GA1UdDwEB/wQEAwIBBjAKBggqhkjOPQQDAgNIADBFAiBELr2QzDx8\n" \
  "sy4p7BUTx6d7FOlFo/QMmMPHsAjmY1rLKQIhALRTE4g0ROijJnKh5C8D5Ogs3dKr\n" \
  "pVAnWSTOzeJw7dVD\n" \
  "-----END CERTIFICATE-----\n"

/* the key of all server certificates below; a secret of nobody */
#define TEST_SERVER_KEY \
  "-----BEGIN PRIVATE KEY-----\n" \
  "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQg5vEPGdZ0ngOUD3Ij\n" \
  "7UBNeJIGMiqw42vnmbQaWX2dVfuhRANCAARu6bDKnMCGS+8wTBlrtlashnKqA2Mh\n" \
  "GJ8+GfxCteu3wx3hN9wwqbox5K6TT8sup7wnQFpsqjhhynvDqBCVbky+\n" \
  "-----END PRIVATE KEY-----\n"

/* for 127.0.0.1 and localhost, by the authority */
#define TEST_SIGNED_CERTIFICATE \
  "-----BEGIN CERTIFICATE-----\n" \
  "MIIBcDCCARigAwIBAgIULdj/DnPrszHGpkwgK7OBpLc7R8IwCgYIKoZIzj0EAwIw\n" \
  "GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEy\n" \
  "MDAxMDEwMDAwMDBaMBQxEjAQBgNVBAMMCTEyNy4wLjAuMTBZMBMGByqGSM49AgEG\n" \
  "CCqGSM49AwEHA0IABG7psMqcwIZL7zBMGWu2VqyGcqoDYyEYnz4Z/EK167fDHeE3\n" \
  "3DCpujHkrpNPyy6nvCdAWmyqOGHKe8OoEJVuTL6jQTA/MAwGA1UdEwEB/wQCMAAw\n" \
  "GgYDVR0RBBMwEYIJbG9jYWxob3N0hwR/AAABMBMGA1UdJQQMMAoGCCsGAQUFBwMB\n" \
  "MAoGCCqGSM49BAMCA0YAMEMCHyYU+vKu5IZAE5ZqLa1GHzgbaxCHzlqq6g0JNo6t\n" \
  "VuUCICkPf2Wnfz0LfiC/OiwFStw9UFVGSRHAh+Gw3vAV0Pbw\n" \
  "-----END CERTIFICATE-----\n"

/* for another host, by the authority */
#define TEST_FOREIGN_CERTIFICATE \
  "-----BEGIN CERTIFICATE-----\n" \
  "MIIBfTCCASKgAwIBAgIUD5Su/lGjiABsdZX/HsBqmRU4L78wCgYIKoZIzj0EAwIw\n" \
  "GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwIBcNMjAwMTAxMDAwMDAwWhgPMjEy\n" \
  "MDAxMDEwMDAwMDBaMBwxGjAYBgNVBAMMEWVsc2V3aGVyZS5pbnZhbGlkMFkwEwYH\n" \
  "KoZIzj0CAQYIKoZIzj0DAQcDQgAEbumwypzAhkvvMEwZa7ZWrIZyqgNjIRifPhn8\n" \
  "QrXrt8Md4TfcMKm6MeSuk0/LLqe8J0BabKo4Ycp7w6gQlW5MvqNDMEEwDAYDVR0T\n" \
  "AQH/BAIwADAcBgNVHREEFTATghFlbHNld2hlcmUuaW52YWxpZDATBgNVHSUEDDAK\n" \
  "BggrBgEFBQcDATAKBggqhkjOPQQDAgNJADBGAiEA0ySFxIeK0enJofdLA9V5+9OB\n" \
  "EZR2ntRiyyw4fa8TkhQCIQDCWbM1MqQaJZl0PRlZnrH4PhyqauP/b3Gp9ns55zYF\n" \
  "eg==\n" \
  "-----END CERTIFICATE-----\n"

/* for 127.0.0.1, by the authority, over since 2020 */
#define TEST_EXPIRED_CERTIFICATE \
  "-----BEGIN CERTIFICATE-----\n" \
  "MIIBcDCCARagAwIBAgIUGe84D4zEctLwjPJkBkO2NjHJnuEwCgYIKoZIzj0EAwIw\n" \
  "GTEXMBUGA1UEAwwOVGVzdCBhdXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcNMjAw\n" \
  "MjAxMDAwMDAwWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggq\n" \
  "hkjOPQMBBwNCAARu6bDKnMCGS+8wTBlrtlashnKqA2MhGJ8+GfxCteu3wx3hN9ww\n" \
  "qbox5K6TT8sup7wnQFpsqjhhynvDqBCVbky+o0EwPzAMBgNVHRMBAf8EAjAAMBoG\n" \
  "A1UdEQQTMBGCCWxvY2FsaG9zdIcEfwAAATATBgNVHSUEDDAKBggrBgEFBQcDATAK\n" \
  "BggqhkjOPQQDAgNIADBFAiAmvAzJLb+cgJ5MVRBqxPPF+2aoSKSb8UCGiSrAKT0y\n" \
  "qAIhANYVwKbv9pHcyJMpvuLaY4czBxytEGy5ZV2CXQQiAMIP\n" \
  "-----END CERTIFICATE-----\n"

/* for 127.0.0.1 and localhost, signed by itself */
#define TEST_OWN_CERTIFICATE \
  "-----BEGIN CERTIFICATE-----\n" \
  "MIIBbTCCAROgAwIBAgIUCasP0Spc/YWdn/NKHSwqxJOzhS0wCgYIKoZIzj0EAwIw\n" \
  "FDESMBAGA1UEAwwJMTI3LjAuMC4xMCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAx\n" \
  "MDAwMDAwWjAUMRIwEAYDVQQDDAkxMjcuMC4wLjEwWTATBgcqhkjOPQIBBggqhkjO\n" \
  "PQMBBwNCAARu6bDKnMCGS+8wTBlrtlashnKqA2MhGJ8+GfxCteu3wx3hN9wwqbox\n" \
  "5K6TT8sup7wnQFpsqjhhynvDqBCVbky+o0EwPzAMBgNVHRMBAf8EAjAAMBoGA1Ud\n" \
  "EQQTMBGCCWxvY2FsaG9zdIcEfwAAATATBgNVHSUEDDAKBggrBgEFBQcDATAKBggq\n" \
  "hkjOPQQDAgNIADBFAiEAjxSDfFw/bB/kgjFuA2eUS2DAwm54Cm4ffcji9upr5nwC\n" \
  "IBwpHXFsnzvrH8yd/LcP7Y0vVtcRk6EupiaReHdaANBJ\n" \
  "-----END CERTIFICATE-----\n"

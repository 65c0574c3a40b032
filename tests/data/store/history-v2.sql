-- SPDX-License-Identifier: GPL-3.0-or-later
-- A history as version 2 of its tables wrote it: as version 1, and what answers used, also one that is no longer there.
-- Never edit this file: it stands for the files of people. Later versions get a file of their own.
PRAGMA journal_mode = WAL;
CREATE TABLE conversations (  number INTEGER PRIMARY KEY,  id TEXT NOT NULL UNIQUE,  title TEXT NOT NULL,  title_is_custom INTEGER NOT NULL,  is_title_indexed INTEGER NOT NULL DEFAULT 0,  provider TEXT,  model TEXT,  system_prompt TEXT,  parameters TEXT,  snippet TEXT,  head TEXT,  is_pinned INTEGER NOT NULL,  is_unseen INTEGER NOT NULL,  created_us INTEGER NOT NULL,  updated_us INTEGER NOT NULL,  deleted_us INTEGER);
CREATE TABLE turns (  number INTEGER PRIMARY KEY,  id TEXT NOT NULL UNIQUE,  conversation INTEGER NOT NULL REFERENCES conversations (number) ON DELETE CASCADE,  parent TEXT,  status INTEGER NOT NULL,  is_indexed INTEGER NOT NULL DEFAULT 0,  created_us INTEGER NOT NULL,  role TEXT NOT NULL,  model TEXT,  provider TEXT,  text TEXT NOT NULL,  reasoning TEXT,  data TEXT);
CREATE INDEX conversations_deleted ON conversations (deleted_us) WHERE deleted_us IS NOT NULL;
CREATE INDEX turns_by_conversation ON turns (conversation);
CREATE INDEX turns_by_parent ON turns (parent) WHERE parent IS NOT NULL;
CREATE INDEX turns_streaming ON turns (status) WHERE status = 0;
CREATE TABLE pieces (  turn INTEGER NOT NULL REFERENCES turns (number) ON DELETE CASCADE,  kind INTEGER NOT NULL,  position INTEGER NOT NULL,  text TEXT NOT NULL,  PRIMARY KEY (turn, kind, position)) WITHOUT ROWID;
CREATE TABLE usage (  turn TEXT PRIMARY KEY,  conversation TEXT NOT NULL,  created_us INTEGER NOT NULL,  provider TEXT,  model TEXT,  input INTEGER,  output INTEGER,  cached INTEGER,  cache_write INTEGER,  reasoning INTEGER,  cost_nanos INTEGER,  flags INTEGER NOT NULL) WITHOUT ROWID;
CREATE INDEX usage_by_time ON usage (created_us);
CREATE INDEX usage_by_conversation ON usage (conversation);
CREATE VIRTUAL TABLE turn_index USING fts5 (text, content='', prefix='1 2 3', tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* Co So'");
CREATE VIRTUAL TABLE title_index USING fts5 (title, content='', prefix='1 2', tokenize="unicode61 remove_diacritics 2 categories 'L* M* N* Co So'");
INSERT INTO conversations (number, id, title, title_is_custom, is_title_indexed, provider, model, system_prompt, parameters, snippet, head, is_pinned, is_unseen, created_us, updated_us, deleted_us) VALUES
  (1, 'c-plain', 'Sleep', 0, 1, 'p1', 'm1', 'Be brief.', '{"temperature":0.5}', 'They huddle', 't3', 0, 1, 1700000000000000, 1700000001000000, NULL),
  (2, 'c-pinned', 'Pinned words', 1, 1, NULL, NULL, NULL, NULL, NULL, NULL, 1, 0, 1600000000000000, 1600000000000000, NULL),
  (3, 'c-deleted', 'Gone penguins', 0, 1, NULL, NULL, NULL, NULL, NULL, NULL, 0, 0, 1500000000000000, 1500000000000000, 1500000000000001);
INSERT INTO turns (number, id, conversation, parent, status, is_indexed, created_us, role, model, provider, text, reasoning, data) VALUES
  (1, 't1', 1, NULL, 1, 1, 1700000000000001, 'user', NULL, NULL, 'How do penguins sleep?', NULL, NULL),
  (2, 't2', 1, 't1', 2, 1, 1700000000000002, 'assistant', 'm1', 'p1', 'Standing, mostly.', 'Think.', '{"usage":{"input":3}}'),
  (3, 't3', 1, 't1', 0, 0, 1700000000000003, 'assistant', 'm1', 'p1', 'They huddle', NULL, NULL),
  (4, 't4', 3, NULL, 1, 1, 1500000000000000, 'user', NULL, NULL, 'deleted penguins', NULL, NULL);
INSERT INTO pieces (turn, kind, position, text) VALUES
  (3, 0, 11, ' together'),
  (3, 0, 20, ' in the cold.'),
  (3, 1, 0, 'Because.');
INSERT INTO usage (turn, conversation, created_us, provider, model, input, output, cached, cache_write, reasoning, cost_nanos, flags) VALUES
  ('t2', 'c-plain', 1700000000000002, 'p1', 'm1', 3, NULL, NULL, NULL, NULL, NULL, 0),
  ('t0', 'c-gone', 1400000000000000, 'p1', 'm1', 100, 50, 10, 0, 5, 1250000, 10);
INSERT INTO turn_index (rowid, text) SELECT number, text FROM turns WHERE is_indexed;
INSERT INTO title_index (rowid, title) SELECT number, title FROM conversations;
PRAGMA user_version = 2;

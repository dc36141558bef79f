-- Full text of everything that can be found; rowid is the entry's number.
CREATE VIRTUAL TABLE `search` USING fts5(
  `title`, `terms`, `body`,
  `noun` UNINDEXED, `key` UNINDEXED, `track` UNINDEXED, `tier` UNINDEXED, `id` UNINDEXED,
  tokenize = "unicode61 remove_diacritics 2", prefix = '3 4 5'
);

-- Collects 16 MB of the index in memory before it is written (sqlite.org/fts5.html#the_hashsize_configuration_option): a large load merges less.
INSERT INTO `search`(`search`, `rank`) VALUES ('hashsize', 16777216);

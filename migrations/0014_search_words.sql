-- The words of the search index, to correct typing mistakes: a view of it that takes no space (sqlite.org/fts5.html#the_fts5vocab_virtual_table_module).
CREATE VIRTUAL TABLE `search_words` USING fts5vocab('search', 'row');

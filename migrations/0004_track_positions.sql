-- Every track had position 1: they are numbered in the order in which they were listed, and those that get another position have changed.
CREATE TABLE `numbered` AS
  SELECT `key`, row_number() OVER (ORDER BY `track`, `sort`, `key`) AS `place`, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') AS `now` FROM `tracks`;--> statement-breakpoint
INSERT INTO `changes` (`noun`, `id`, `key`, `track`, `title`, `op`, `changed_at`)
  SELECT 'track', `id`, `key`, `track`, `title`, 'upsert', `now` FROM `tracks` JOIN `numbered` USING (`key`) WHERE `place` <> `position` ORDER BY `place`;--> statement-breakpoint
UPDATE `tracks` SET `position` = `place`, `sort` = `place`, `updated_at` = `now` FROM `numbered` WHERE `numbered`.`key` = `tracks`.`key` AND `place` <> `position`;--> statement-breakpoint
DROP TABLE `numbered`;--> statement-breakpoint
DROP INDEX `tracks_order`;--> statement-breakpoint
CREATE INDEX `tracks_order` ON `tracks` (`sort`,`key`,`track`,`updated_at`);

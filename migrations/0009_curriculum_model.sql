CREATE TABLE `exercise_skills` (
	`from` text NOT NULL,
	`to` text NOT NULL,
	PRIMARY KEY(`from`, `to`),
	FOREIGN KEY (`from`) REFERENCES `exercises`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`to`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `exercise_skills_to` ON `exercise_skills` (`to`);--> statement-breakpoint
CREATE TABLE `exercises` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`external_id` text,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`json` text,
	`json_hash` text,
	`json_links` text,
	`json_format` text,
	`track` text NOT NULL,
	`kind` text NOT NULL,
	`summary` text,
	`duration` text,
	`instructions` text,
	`criteria` text NOT NULL,
	`hints` text NOT NULL,
	`solution` text,
	`questions` text NOT NULL,
	`files` text NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `exercises_id_unique` ON `exercises` (`id`);--> statement-breakpoint
CREATE INDEX `exercises_order` ON `exercises` (`track`,`sort`,`key`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `exercises_title` ON `exercises` ("title" collate nocase,`key`,`track`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `exercises_updated` ON `exercises` (`updated_at`,`key`,`track`,`kind`);--> statement-breakpoint
CREATE TABLE `project_resources` (
	`from` text NOT NULL,
	`to` text NOT NULL,
	PRIMARY KEY(`from`, `to`),
	FOREIGN KEY (`from`) REFERENCES `projects`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`to`) REFERENCES `resources`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `project_resources_to` ON `project_resources` (`to`);--> statement-breakpoint
ALTER TABLE `categories` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `categories` ADD `parent` text REFERENCES categories(key) ON UPDATE cascade;--> statement-breakpoint
CREATE INDEX `categories_parent` ON `categories` (`parent`);--> statement-breakpoint
ALTER TABLE `checklists` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `principles` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `brief` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `duration` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `starter` text;--> statement-breakpoint
ALTER TABLE `resources` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `code` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `duration` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `alignments` text DEFAULT '[]' NOT NULL;--> statement-breakpoint
ALTER TABLE `sources` ADD `external_id` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `external_id` text;--> statement-breakpoint
UPDATE `plans` SET `steps` = (
	SELECT json_group_array(json_set("value", '$.skills', json('[]'), '$.projects', json('[]'))) FROM json_each(`plans`.`steps`)
);
CREATE TABLE `categories` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`summary` text,
	`kind` text,
	`optional` integer NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `categories_id_unique` ON `categories` (`id`);--> statement-breakpoint
CREATE INDEX `categories_order` ON `categories` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `categories_title` ON `categories` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `categories_updated` ON `categories` (`updated_at`,`key`);--> statement-breakpoint
CREATE TABLE `changes` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`noun` text NOT NULL,
	`id` text NOT NULL,
	`key` text NOT NULL,
	`track` text NOT NULL,
	`op` text NOT NULL,
	`changed_at` text NOT NULL,
	`by` text
);
--> statement-breakpoint
CREATE INDEX `changes_id` ON `changes` (`id`);--> statement-breakpoint
CREATE INDEX `changes_key` ON `changes` (`noun`,`key`);--> statement-breakpoint
CREATE INDEX `changes_track` ON `changes` (`track`,`seq`);--> statement-breakpoint
CREATE TABLE `checklists` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`kind` text NOT NULL,
	`tier` text,
	`items` text NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `checklists_id_unique` ON `checklists` (`id`);--> statement-breakpoint
CREATE INDEX `checklists_order` ON `checklists` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `checklists_title` ON `checklists` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `checklists_updated` ON `checklists` (`updated_at`,`key`);--> statement-breakpoint
CREATE TABLE `entries` (
	`number` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`name` text NOT NULL,
	`id` text NOT NULL,
	`noun` text NOT NULL,
	`key` text NOT NULL,
	`track` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `entries_name_unique` ON `entries` (`name`);--> statement-breakpoint
CREATE UNIQUE INDEX `entries_id_unique` ON `entries` (`id`);--> statement-breakpoint
CREATE INDEX `entries_track` ON `entries` (`track`,`noun`);--> statement-breakpoint
CREATE TABLE `former_names` (
	`name` text PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade
);
--> statement-breakpoint
CREATE INDEX `former_names_id` ON `former_names` (`id`);--> statement-breakpoint
CREATE TABLE `loads` (
	`track` text PRIMARY KEY NOT NULL,
	`hash` text NOT NULL,
	`seq` integer NOT NULL,
	`loaded_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `outline_lines` (
	`source` text NOT NULL,
	`position` integer NOT NULL,
	`section` text,
	`label` text NOT NULL,
	`category` text,
	`tier` text,
	`kind` text,
	`optional` integer,
	`says` text,
	`note` text,
	`of` text NOT NULL,
	PRIMARY KEY(`source`, `position`),
	FOREIGN KEY (`source`) REFERENCES `sources`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`category`) REFERENCES `categories`(`key`) ON UPDATE cascade ON DELETE no action,
	FOREIGN KEY (`of`) REFERENCES `entries`(`name`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `outline_lines_of` ON `outline_lines` (`of`);--> statement-breakpoint
CREATE INDEX `outline_lines_category` ON `outline_lines` (`category`);--> statement-breakpoint
CREATE TABLE `plans` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`kind` text NOT NULL,
	`tier` text,
	`duration` text,
	`weekly_hours` text,
	`steps` text NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `plans_id_unique` ON `plans` (`id`);--> statement-breakpoint
CREATE INDEX `plans_order` ON `plans` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `plans_title` ON `plans` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `plans_updated` ON `plans` (`updated_at`,`key`);--> statement-breakpoint
CREATE TABLE `principles` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`kind` text NOT NULL,
	`statements` text NOT NULL,
	`risk` text,
	`remedy` text,
	`category` text,
	`tier` text,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`category`) REFERENCES `categories`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `principles_id_unique` ON `principles` (`id`);--> statement-breakpoint
CREATE INDEX `principles_order` ON `principles` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `principles_title` ON `principles` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `principles_updated` ON `principles` (`updated_at`,`key`);--> statement-breakpoint
CREATE INDEX `principles_category` ON `principles` (`category`);--> statement-breakpoint
CREATE TABLE `project_skills` (
	`from` text NOT NULL,
	`to` text NOT NULL,
	PRIMARY KEY(`from`, `to`),
	FOREIGN KEY (`from`) REFERENCES `projects`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`to`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `project_skills_to` ON `project_skills` (`to`);--> statement-breakpoint
CREATE TABLE `projects` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`code` text,
	`tier` text,
	`summary` text,
	`stack` text NOT NULL,
	`features` text NOT NULL,
	`milestones` text NOT NULL,
	`phases` text NOT NULL,
	`acceptance` text NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `projects_id_unique` ON `projects` (`id`);--> statement-breakpoint
CREATE INDEX `projects_order` ON `projects` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `projects_title` ON `projects` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `projects_updated` ON `projects` (`updated_at`,`key`);--> statement-breakpoint
CREATE TABLE `resources` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`kind` text NOT NULL,
	`summary` text,
	`url` text,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `resources_id_unique` ON `resources` (`id`);--> statement-breakpoint
CREATE INDEX `resources_order` ON `resources` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `resources_title` ON `resources` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `resources_updated` ON `resources` (`updated_at`,`key`);--> statement-breakpoint
CREATE TABLE `skill_prerequisites` (
	`from` text NOT NULL,
	`to` text NOT NULL,
	PRIMARY KEY(`from`, `to`),
	FOREIGN KEY (`from`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`to`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `skill_prerequisites_to` ON `skill_prerequisites` (`to`);--> statement-breakpoint
CREATE TABLE `skill_related` (
	`from` text NOT NULL,
	`to` text NOT NULL,
	PRIMARY KEY(`from`, `to`),
	FOREIGN KEY (`from`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`to`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `skill_related_to` ON `skill_related` (`to`);--> statement-breakpoint
CREATE TABLE `skill_resources` (
	`from` text NOT NULL,
	`to` text NOT NULL,
	PRIMARY KEY(`from`, `to`),
	FOREIGN KEY (`from`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`to`) REFERENCES `resources`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `skill_resources_to` ON `skill_resources` (`to`);--> statement-breakpoint
CREATE TABLE `skill_same_as` (
	`from` text NOT NULL,
	`to` text NOT NULL,
	PRIMARY KEY(`from`, `to`),
	FOREIGN KEY (`from`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`to`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `skill_same_as_to` ON `skill_same_as` (`to`);--> statement-breakpoint
CREATE TABLE `skills` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`category` text NOT NULL,
	`tier` text NOT NULL,
	`summary` text,
	`kind` text NOT NULL,
	`optional` integer NOT NULL,
	`outcomes` text NOT NULL,
	`examples` text NOT NULL,
	`sample` text,
	`notes` text,
	`replaced_by` text,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade,
	FOREIGN KEY (`category`) REFERENCES `categories`(`key`) ON UPDATE cascade ON DELETE no action,
	FOREIGN KEY (`replaced_by`) REFERENCES `skills`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `skills_id_unique` ON `skills` (`id`);--> statement-breakpoint
CREATE INDEX `skills_order` ON `skills` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `skills_title` ON `skills` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `skills_updated` ON `skills` (`updated_at`,`key`);--> statement-breakpoint
CREATE INDEX `skills_category` ON `skills` (`category`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `skills_tier` ON `skills` (`tier`,`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `skills_replaced_by` ON `skills` (`replaced_by`);--> statement-breakpoint
CREATE TABLE `sources` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`summary` text,
	`sample_base` text,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);
--> statement-breakpoint
CREATE UNIQUE INDEX `sources_id_unique` ON `sources` (`id`);--> statement-breakpoint
CREATE INDEX `sources_order` ON `sources` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `sources_title` ON `sources` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `sources_updated` ON `sources` (`updated_at`,`key`);--> statement-breakpoint
CREATE TABLE `tracks` (
	`id` text NOT NULL,
	`slug` text NOT NULL,
	`key` text PRIMARY KEY NOT NULL,
	`position` integer NOT NULL,
	`updated_at` text NOT NULL,
	`formerly` text NOT NULL,
	`title` text NOT NULL,
	`sort` integer NOT NULL,
	`track` text NOT NULL,
	`summary` text,
	`introduction` text,
	`language` text NOT NULL,
	`license` text,
	`version` text,
	`translation_of` text,
	`tiers` text NOT NULL,
	FOREIGN KEY (`id`) REFERENCES `entries`(`id`) ON UPDATE no action ON DELETE cascade,
	FOREIGN KEY (`translation_of`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE no action
);
--> statement-breakpoint
CREATE UNIQUE INDEX `tracks_id_unique` ON `tracks` (`id`);--> statement-breakpoint
CREATE INDEX `tracks_order` ON `tracks` (`track`,`sort`,`key`);--> statement-breakpoint
CREATE INDEX `tracks_title` ON `tracks` ("title" collate nocase,`key`);--> statement-breakpoint
CREATE INDEX `tracks_updated` ON `tracks` (`updated_at`,`key`);
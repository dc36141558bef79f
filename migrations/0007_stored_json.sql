CREATE TABLE `json_formats` (
	`number` integer PRIMARY KEY NOT NULL,
	`format` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `categories` ADD `json` text;--> statement-breakpoint
ALTER TABLE `categories` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `categories` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `categories` ADD `cells` text;--> statement-breakpoint
ALTER TABLE `categories` ADD `cells_hash` text;--> statement-breakpoint
ALTER TABLE `checklists` ADD `json` text;--> statement-breakpoint
ALTER TABLE `checklists` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `checklists` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `json` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `principles` ADD `json` text;--> statement-breakpoint
ALTER TABLE `principles` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `principles` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `json` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `resources` ADD `json` text;--> statement-breakpoint
ALTER TABLE `resources` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `resources` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `json` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `sources` ADD `json` text;--> statement-breakpoint
ALTER TABLE `sources` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `sources` ADD `json_format` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `json` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `json_hash` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `json_format` text;
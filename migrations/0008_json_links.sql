ALTER TABLE `categories` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `checklists` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `plans` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `principles` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `projects` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `resources` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `skills` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `sources` ADD `json_links` text;--> statement-breakpoint
ALTER TABLE `tracks` ADD `json_links` text;
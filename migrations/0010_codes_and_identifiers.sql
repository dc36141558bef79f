ALTER TABLE `changes` ADD `external_id` text;--> statement-breakpoint
CREATE INDEX `categories_external_id` ON `categories` (lower("external_id")) WHERE lower("categories"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `checklists_external_id` ON `checklists` (lower("external_id")) WHERE lower("checklists"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `exercises_external_id` ON `exercises` (lower("external_id")) WHERE lower("exercises"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `plans_external_id` ON `plans` (lower("external_id")) WHERE lower("plans"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `principles_external_id` ON `principles` (lower("external_id")) WHERE lower("principles"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `projects_external_id` ON `projects` (lower("external_id")) WHERE lower("projects"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `resources_external_id` ON `resources` (lower("external_id")) WHERE lower("resources"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `skills_external_id` ON `skills` (lower("external_id")) WHERE lower("skills"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `skills_code` ON `skills` ("code" collate nocase);--> statement-breakpoint
CREATE INDEX `sources_external_id` ON `sources` (lower("external_id")) WHERE lower("sources"."external_id") is not null;--> statement-breakpoint
CREATE INDEX `tracks_external_id` ON `tracks` (lower("external_id")) WHERE lower("tracks"."external_id") is not null;
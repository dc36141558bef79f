DROP INDEX `skills_tier`;--> statement-breakpoint
DROP INDEX `skills_order`;--> statement-breakpoint
DROP INDEX `skills_title`;--> statement-breakpoint
DROP INDEX `skills_updated`;--> statement-breakpoint
CREATE INDEX `skills_order` ON `skills` (`track`,`sort`,`key`,`tier`,`category`,`kind`,`optional`,`updated_at`);--> statement-breakpoint
CREATE INDEX `skills_title` ON `skills` ("title" collate nocase,`key`,`track`,`tier`,`category`,`kind`,`optional`,`updated_at`);--> statement-breakpoint
CREATE INDEX `skills_updated` ON `skills` (`updated_at`,`key`,`track`,`tier`,`category`,`kind`,`optional`);--> statement-breakpoint
DROP INDEX `categories_order`;--> statement-breakpoint
DROP INDEX `categories_title`;--> statement-breakpoint
DROP INDEX `categories_updated`;--> statement-breakpoint
CREATE INDEX `categories_order` ON `categories` (`track`,`sort`,`key`,`kind`,`optional`,`updated_at`);--> statement-breakpoint
CREATE INDEX `categories_title` ON `categories` ("title" collate nocase,`key`,`track`,`kind`,`optional`,`updated_at`);--> statement-breakpoint
CREATE INDEX `categories_updated` ON `categories` (`updated_at`,`key`,`track`,`kind`,`optional`);--> statement-breakpoint
DROP INDEX `checklists_order`;--> statement-breakpoint
DROP INDEX `checklists_title`;--> statement-breakpoint
DROP INDEX `checklists_updated`;--> statement-breakpoint
CREATE INDEX `checklists_order` ON `checklists` (`track`,`sort`,`key`,`tier`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `checklists_title` ON `checklists` ("title" collate nocase,`key`,`track`,`tier`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `checklists_updated` ON `checklists` (`updated_at`,`key`,`track`,`tier`,`kind`);--> statement-breakpoint
DROP INDEX `plans_order`;--> statement-breakpoint
DROP INDEX `plans_title`;--> statement-breakpoint
DROP INDEX `plans_updated`;--> statement-breakpoint
CREATE INDEX `plans_order` ON `plans` (`track`,`sort`,`key`,`tier`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `plans_title` ON `plans` ("title" collate nocase,`key`,`track`,`tier`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `plans_updated` ON `plans` (`updated_at`,`key`,`track`,`tier`,`kind`);--> statement-breakpoint
DROP INDEX `principles_order`;--> statement-breakpoint
DROP INDEX `principles_title`;--> statement-breakpoint
DROP INDEX `principles_updated`;--> statement-breakpoint
CREATE INDEX `principles_order` ON `principles` (`track`,`sort`,`key`,`tier`,`category`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `principles_title` ON `principles` ("title" collate nocase,`key`,`track`,`tier`,`category`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `principles_updated` ON `principles` (`updated_at`,`key`,`track`,`tier`,`category`,`kind`);--> statement-breakpoint
DROP INDEX `projects_order`;--> statement-breakpoint
DROP INDEX `projects_title`;--> statement-breakpoint
DROP INDEX `projects_updated`;--> statement-breakpoint
CREATE INDEX `projects_order` ON `projects` (`track`,`sort`,`key`,`tier`,`updated_at`);--> statement-breakpoint
CREATE INDEX `projects_title` ON `projects` ("title" collate nocase,`key`,`track`,`tier`,`updated_at`);--> statement-breakpoint
CREATE INDEX `projects_updated` ON `projects` (`updated_at`,`key`,`track`,`tier`);--> statement-breakpoint
DROP INDEX `resources_order`;--> statement-breakpoint
DROP INDEX `resources_title`;--> statement-breakpoint
DROP INDEX `resources_updated`;--> statement-breakpoint
CREATE INDEX `resources_order` ON `resources` (`track`,`sort`,`key`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `resources_title` ON `resources` ("title" collate nocase,`key`,`track`,`kind`,`updated_at`);--> statement-breakpoint
CREATE INDEX `resources_updated` ON `resources` (`updated_at`,`key`,`track`,`kind`);--> statement-breakpoint
DROP INDEX `sources_order`;--> statement-breakpoint
DROP INDEX `sources_title`;--> statement-breakpoint
DROP INDEX `sources_updated`;--> statement-breakpoint
CREATE INDEX `sources_order` ON `sources` (`track`,`sort`,`key`,`updated_at`);--> statement-breakpoint
CREATE INDEX `sources_title` ON `sources` ("title" collate nocase,`key`,`track`,`updated_at`);--> statement-breakpoint
CREATE INDEX `sources_updated` ON `sources` (`updated_at`,`key`,`track`);--> statement-breakpoint
DROP INDEX `tracks_order`;--> statement-breakpoint
DROP INDEX `tracks_title`;--> statement-breakpoint
DROP INDEX `tracks_updated`;--> statement-breakpoint
CREATE INDEX `tracks_order` ON `tracks` (`track`,`sort`,`key`,`updated_at`);--> statement-breakpoint
CREATE INDEX `tracks_title` ON `tracks` ("title" collate nocase,`key`,`track`,`updated_at`);--> statement-breakpoint
CREATE INDEX `tracks_updated` ON `tracks` (`updated_at`,`key`,`track`);
CREATE TABLE `commits` (
	`number` integer PRIMARY KEY NOT NULL,
	`id` text NOT NULL,
	`committed_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `lease` (
	`number` integer PRIMARY KEY NOT NULL,
	`holder` text,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `lease` (`number`, `expires_at`) VALUES (1, 0);

CREATE TABLE `cluster` (
	`number` integer PRIMARY KEY NOT NULL,
	`writes` integer NOT NULL,
	`lease_holder` text,
	`lease_until` integer NOT NULL
);
--> statement-breakpoint
INSERT INTO `cluster` (`number`, `writes`, `lease_until`) VALUES (1, 0, 0);

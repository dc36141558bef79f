CREATE TABLE `pictures` (
	`track` text NOT NULL,
	`path` text NOT NULL,
	`media_type` text NOT NULL,
	`size` integer NOT NULL,
	`hash` text NOT NULL,
	`bytes` blob NOT NULL,
	PRIMARY KEY(`track`, `path`),
	FOREIGN KEY (`track`) REFERENCES `tracks`(`key`) ON UPDATE cascade ON DELETE cascade
);

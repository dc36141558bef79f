/** A transaction of the primary. Two histories that have the same commit are the same up to it. */
export interface Commit {
  number: number
  id: string
}

export const selectLastCommit = 'select number, id from commits order by number desc limit 1'
export const findCommit = 'select 1 from commits where number = ? and id = ?'
export const insertCommit = `insert into commits (id, committed_at)
  values (lower(hex(randomblob(8))), cast(unixepoch('subsec') * 1000 as integer)) returning number, id`

/** The number of commits that are kept. A node that was cut off for longer has to be started again. */
const keptCommits = 50_000

export const deleteOldCommits = `delete from commits where number <= (select max(number) from commits) - ${keptCommits}`

/** Why the database cannot be used, in words for the person who starts the portal (shown in both languages). */
const REASONS = {
  database_missing: ['数据库文件不见了或为空：{file}。请从备份恢复；确需新建，请先删除同名的 .marker 文件。', 'The database file is missing or empty: {file}. Restore it from a backup; to start anew, delete the .marker file beside it first.'],
  database_damaged: ['文件不是数据库，或已损坏：{file}。请从备份恢复。', 'This is not a database, or it is damaged: {file}. Restore it from a backup.'],
  database_readonly: ['数据库或所在文件夹不可写：{file}。请检查权限与磁盘。', 'The database or its folder cannot be written: {file}. Check its permissions and the disk.'],
  database_locked: ['数据库被其他程序长时间占用：{file}。请关闭占用它的程序后重试。', 'Another program has kept the database locked: {file}. Close it and try again.'],
  database_full: ['磁盘已满，无法写入：{file}。', 'The disk is full; cannot write {file}.'],
  folder_is_file: ['应当是文件夹，却是一个文件：{file}。请检查 SUNLIT_DATA 和 SUNLIT_KEYS。', 'This should be a folder but is a file: {file}. Check SUNLIT_DATA and SUNLIT_KEYS.'],
  folder_unwritable: ['无法建立文件夹：{file}。请检查 SUNLIT_DATA、SUNLIT_KEYS 以及上级文件夹的权限。', 'Cannot make the folder {file}. Check SUNLIT_DATA, SUNLIT_KEYS and the permissions of the folder above.'],
  database_newer: ['数据库由更新版本的程序建立（{step}），本版本不认识。请升级程序，或恢复旧备份。', 'The database was made by a newer version ({step}) that this one does not know. Upgrade the program or restore an older backup.'],
  database_unreachable: ['无法连接数据库：{why}。请检查 DATABASE_URL 与数据库服务。', 'Cannot reach the database: {why}. Check DATABASE_URL and the server.'],
  database_collation: ['PostgreSQL 数据库的排序规则须为 C（现为 {collation}）：create database … template template0 locale \'C\' encoding \'UTF8\'。', 'The PostgreSQL database must use the C collation (it has {collation}): create database … template template0 locale \'C\' encoding \'UTF8\'.'],
  keys_missing: ['密钥文件缺失：{file}。数据库里的内容用它加密，没有它无法读取，请从密钥备份恢复。', 'The key file {file} is missing. What is stored was encrypted with it; restore it from your key backup.'],
  keys_wrong: ['密钥文件与数据库不符：{file}。请恢复原来的密钥。', 'The key file {file} does not belong to this database. Restore the right one.'],
  keys_damaged: ['密钥文件为空或残缺：{file}。请从密钥备份恢复。', 'The key file {file} is empty or damaged. Restore it from your key backup.'],
  keys_weak: ['密钥不是随机生成的：{file}。请从密钥备份恢复；新装系统时删除此文件，由系统生成。', 'The key in {file} is not random. Restore it from your key backup; on a new system delete the file and let the portal make one.'],
  keys_not_file: ['应当是密钥文件，却是一个文件夹：{file}。请从密钥备份恢复该文件。', 'This should be a key file but is a folder: {file}. Restore the file from your key backup.'],
  keys_unreadable: ['无权读取密钥文件：{file}。请把文件的所有者改为运行本程序的用户。', 'The key file {file} cannot be read. Make the user who runs the portal its owner.'],
  keys_inside: ['正式运行时，密钥不能放在数据文件夹里：{file}。备份数据时会连同密钥一起带走，谁拿到备份，谁就能读出投诉人的姓名。请把这个文件夹移到别处（例如 /etc/sunlit/keys），再设置 SUNLIT_KEYS。', 'A live portal must not keep its keys inside the data folder: {file}. A backup of the data would carry them along, and whoever got hold of it could read the names of those who complained. Move the folder elsewhere (such as /etc/sunlit/keys) and set SUNLIT_KEYS.'],
  keys_open: ['密钥文件可被他人读取：{file}。请执行 chmod 600。', 'Others can read the key file {file}. Run chmod 600 on it.'],
  files_secret_missing: ['附件存储桶的密钥文件缺失或内容不对：{file}。请用 SUNLIT_FILES_SECRET 指定一个文件：第一行是访问密钥编号，第二行是密钥。', 'The file with the keys of the attachment bucket is missing or faulty: {file}. Let SUNLIT_FILES_SECRET name a file whose first line is the access key id and whose second line is the secret.'],
  port_in_use: ['端口 {port} 已被占用。请用 PORT=… 另选一个，或停止占用它的程序。', 'Port {port} is in use. Choose another with PORT=…, or stop the program that has it.'],
  address_unavailable: ['无法监听地址 {host}:{port}（{why}）。', 'Cannot listen on {host}:{port} ({why}).'],
  pack_invalid: ['城市内容包有误：{why}。', 'The city pack is faulty: {why}.']
} as const satisfies Record<string, readonly [string, string]>

export type StartReason = keyof typeof REASONS

const SQLITE_REASONS: ReadonlyArray<readonly [RegExp, StartReason]> = [
  [/SQLITE_(NOTADB|CORRUPT)/, 'database_damaged'],
  [/SQLITE_(BUSY|LOCKED)/, 'database_locked'],
  [/SQLITE_(READONLY|CANTOPEN|PERM|IOERR)|EACCES|EROFS|EPERM/, 'database_readonly'],
  [/SQLITE_FULL|ENOSPC/, 'database_full']
]

/** A reason not to start: a plain message, never a stack trace. */
export class StartError extends Error {
  readonly reason: StartReason
  constructor (reason: StartReason, details: Record<string, unknown> = {}, cause?: unknown) {
    super(REASONS[reason].map(text => text.replace(/\{(\w+)\}/g, (_, name: string) => String(details[name] ?? ''))).join('\n'), { cause })
    this.name = 'StartError'
    this.reason = reason
  }

  /** Finds the reason behind a driver's or the system's error, with the file that it names or else that of `details`; an unknown one is passed on as it is. */
  static of (error: unknown, details: Record<string, unknown>): unknown {
    const { code, path } = error as { code?: unknown, path?: unknown }
    const found = typeof code === 'string' ? SQLITE_REASONS.find(([pattern]) => pattern.test(code)) : undefined
    return found === undefined ? error : new StartError(found[1], typeof path === 'string' ? { ...details, file: path } : details, error)
  }
}

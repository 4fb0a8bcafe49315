/** Records in one message: with ids of usual length far below NATS's limit of 1 MiB, and with the longest still so. */
const PAGE = 100;

/** All of them, a message's worth at a time; nothing where there are none. */
export function* inPages<T>(records: Iterable<T>): Generator<T[]> {
  let page: T[] = [];
  for (const record of records) {
    page.push(record);
    if (page.length < PAGE) continue;
    yield page;
    page = [];
  }
  if (page.length > 0) yield page;
}

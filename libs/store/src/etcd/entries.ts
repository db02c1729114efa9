import type { IKeyValue } from 'etcd3/lib/rpc';
import type { Entry } from '../store';

export function entryOf(kv: IKeyValue): Entry {
  return {
    key: kv.key.toString(),
    value: kv.value,
    createRevision: Number(kv.create_revision),
    modRevision: Number(kv.mod_revision),
  };
}

/** The end of the range of keys starting with `prefix`: the prefix with its last byte one higher. */
export function prefixEnd(prefix: string): Buffer {
  const end = Buffer.from(prefix);
  for (let last = end.length - 1; last >= 0; last--) {
    if (end[last]! < 0xff) {
      end[last]! += 1;
      return end.subarray(0, last + 1);
    }
  }
  return Buffer.from([0]);
}

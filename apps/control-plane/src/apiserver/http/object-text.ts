import type { KubeList, KubeObject } from '@gantry/api';

const texts = new WeakMap<KubeObject, string>();

/** The JSON of an object that nobody changes any more: made once, however many lists and watches send it. */
export function objectText(object: KubeObject): string {
  let text = texts.get(object);
  if (text === undefined) texts.set(object, (text = JSON.stringify(object)));
  return text;
}

/** The JSON of a list. */
export function listText({ items, ...head }: KubeList): string {
  const opening = JSON.stringify(head).slice(0, -1);
  return `${opening},"items":[${items.map(objectText).join(',')}]}`;
}

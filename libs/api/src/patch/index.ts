/** The three patch formats of the API; server-side apply is not one of them, it lives with managed fields. */
export { applyJsonPatch } from './json-patch';
export { applyMergePatch } from './merge-patch';
export { applyStrategicPatch } from './strategic-patch';

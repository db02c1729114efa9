import { existsSync } from 'node:fs';
import { join } from 'node:path';

export function kubeconfig(directory: string): void {
  const path = join(directory, 'admin.kubeconfig');
  if (!existsSync(path)) throw new Error(`no cluster has been started in ${directory}: run \`gantry up\``);
  console.log(path);
}

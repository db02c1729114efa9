import { Node } from '@gantry/api';
import { readPidFile } from '@gantry/hosts';
import { withApi } from '../cluster/api';
import { components } from '../cluster/components';
import { existingLayout, type Layout } from '../cluster/layout';
import { isReady } from '../cluster/wait';

/** Prints the processes and nodes of this machine's cluster. */
export async function status(directory: string): Promise<void> {
  const layout = await existingLayout(directory);
  const rows = [['COMPONENT', 'STATE', 'PID']];
  for (const name of ['supervisor', ...components(layout).map((component) => component.name)]) {
    const process = await readPidFile(layout.pidFile(name));
    rows.push([name, process ? 'running' : 'stopped', process ? String(process.pid) : '-']);
  }
  print(rows);
  console.log();
  print(await nodeRows(layout));
}

async function nodeRows(layout: Layout): Promise<string[][]> {
  const { items } = await withApi(layout, (client) => client.resource(Node).list());
  const rows = items.map((node) => [
    node.metadata.name,
    isReady(node) ? 'Ready' : 'NotReady',
    node.status.nodeInfo?.kubeletVersion ?? '-',
    node.status.addresses?.find(({ type }) => type === 'InternalIP')?.address ?? '-',
    node.spec?.podCIDR ?? '-',
  ]);
  return [['NODE', 'STATE', 'VERSION', 'ADDRESS', 'PODS'], ...rows];
}

function print(rows: string[][]): void {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  for (const row of rows)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column]!))
        .join('  ')
        .trimEnd(),
    );
}

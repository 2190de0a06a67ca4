import { join } from 'node:path';
import { scenariosFolder } from '../commands/context.ts';
import { deploy, removeNamespace } from '../run/workload.ts';
import { openFaultLab, type FaultLab } from './faultlab.ts';

/** The lab that tests share with the shipped workload `web` on it, version v1, three replicas that are ready. */
export async function openWebLab(): Promise<FaultLab> {
  const lab = await openFaultLab();
  await removeNamespace(lab.world);
  await deploy(join(scenariosFolder, 'workloads', 'web.yaml'), 'test', undefined, lab.world);
  return lab;
}

/** Takes the workload away, and leaves the lab up. */
export async function closeWebLab({ world, close }: FaultLab): Promise<void> {
  await removeNamespace(world);
  close();
}

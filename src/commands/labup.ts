import { clusterFile } from '../lab/clusterfile.ts';
import { LabError } from '../lab/error.ts';
import { defaultWish, find, up } from '../lab/lab.ts';
import { progressOn } from '../lab/progress.ts';
import { CommandError } from './context.ts';
import { sayUp } from './lab.ts';

/** Brings the default lab up for a run that was given no cluster, and says so. @returns its cluster file */
export async function upAndSay(): Promise<string> {
  const { name } = defaultWish;
  const wasThere = (await find(name)) !== undefined;
  if (!wasThere)
    console.error(
      'No cluster file was given: bringing up the lab, a real cluster on this machine.',
    );
  try {
    const lab = await up(defaultWish, progressOn(process.stderr));
    if (wasThere) console.error(`No cluster file was given: using the lab "${lab.name}".`);
    else sayUp(lab);
    return clusterFile(lab.name);
  } catch (error) {
    if (error instanceof LabError) throw new CommandError('unreachable', error.message);
    throw error;
  }
}

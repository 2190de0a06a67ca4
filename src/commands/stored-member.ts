import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf } from '../acts/world.ts';
import { configurationOf } from '../campaign/configuration.ts';
import { isCampaign } from '../campaign/folder.ts';
import { resultOf } from '../claims/result.ts';
import type { ReadMember, UnreadMember } from '../fleet/merge.ts';
import { resultSchema } from '../model/result-schema.ts';
import { CommandError } from './context.ts';
import { readRun } from './judge.ts';
import { fold, loadCampaign } from './stored-campaign.ts';

/**
 * Reads a run, a campaign or a game day from its folder: a run is judged again, from its timeline. What was damaged, or
 * killed before it had written anything, is told of as such.
 * @throws CommandError if there is no such folder, or it is of something else
 */
export function readMember(folder: string): ReadMember | UnreadMember {
  const path = realFolder(folder);
  try {
    if (isCampaign(path)) {
      const { agenda, done, ended, compared } = loadCampaign(path);
      const result = fold(agenda, done, ended, compared);
      return { folder, result, done, clusterId: agenda.cluster.id };
    }
    if (existsSync(join(path, 'run.json'))) return judged(folder, path);
  } catch (error) {
    if (error instanceof CommandError) return { folder, because: error.message };
    throw error;
  }
  return withoutPlan(folder, path);
}

function judged(folder: string, path: string): ReadMember {
  const timeline = readRun(path);
  const { plan } = timeline;
  const result = resultOf(timeline);
  const { run, scenario, seed, startedAt, finishedAt, trials } = result;
  const one = {
    ...{ number: 1, trial: 1, run, scenario, seed, startedAt, finishedAt, result },
    configuration: configurationOf(plan),
    nodes: plan.snapshot.nodes.map(({ name }) => name),
  };
  return { folder, result, done: trials.length === 0 ? [] : [one] };
}

/** One that ended before there was a plan has nothing but its result. */
function withoutPlan(folder: string, path: string): ReadMember | UnreadMember {
  if (existsSync(join(path, 'latest')))
    throw new CommandError(
      'usage',
      `${folder} is a folder of many reports; give those that are meant, such as ${join(folder, 'latest')}`,
    );
  const file = join(path, 'result.json');
  if (!existsSync(file))
    return {
      folder,
      because: 'it holds nothing: what began there was killed before it wrote anything',
    };
  const stored = parsed(file);
  if (typeof stored === 'object' && stored !== null && 'kind' in stored && stored.kind !== 'run')
    throw new CommandError(
      'usage',
      `${folder} holds a ${String(stored.kind)}; what is merged are runs, campaigns and game days`,
    );
  const checked = resultSchema.safeParse(stored);
  if (checked.success) return { folder, result: checked.data, done: [] };
  return { folder, because: `${file} is no result of a run, so it was changed or damaged` };
}

function parsed(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch (cause) {
    throw new CommandError('usage', `there is no folder ${folder}: ${messageOf(cause)}`);
  }
}

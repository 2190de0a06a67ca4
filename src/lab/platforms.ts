import { LabError } from './error.ts';
import { kubeadm } from './kubeadm/platform.ts';
import { microk8s } from './microk8s/platform.ts';
import type { LabPlatform } from './platform.ts';

/** The platforms that a lab can be of. */
export const platforms = { microk8s, kubeadm } satisfies Record<string, LabPlatform>;

export const platformNames = Object.keys(platforms);

/** @throws LabError if a lab was made by another version of this program, which had more of them */
export function platformOf({ name, platform }: { name: string; platform: string }): LabPlatform {
  const known: Readonly<Record<string, LabPlatform>> = platforms;
  const found = known[platform];
  if (found !== undefined) return found;
  throw new LabError(
    `lab "${name}" is of the platform "${platform}", and this version has ${platformNames.join(' and ')}; ` +
      'take it down with the version that made it',
  );
}

import { InvalidArgumentError } from 'commander';
import type { LabWish } from '../lab/lab.ts';
import { platformOf } from '../lab/platforms.ts';
import type { EtcdPlace, Profile } from '../lab/topology.ts';

/** What a person may say of a lab to come; what is not said is the platform's own. */
export interface ShapeOptions {
  readonly name: string;
  readonly platform: string;
  readonly controlPlanes?: number;
  /** Another name of `controlPlanes`. */
  readonly nodes?: number;
  readonly workers?: number;
  readonly profile?: Profile;
  readonly etcd?: EtcdPlace;
  readonly monitoring?: true;
}

/** @throws InvalidArgumentError if the platform has no such thing */
export function wishFrom(options: ShapeOptions): LabWish {
  const { name, platform } = options;
  const { size, profiles, etcd: places } = platformOf(options);
  const profile = options.profile ?? profiles[0];
  if (!profiles.includes(profile)) {
    throw new InvalidArgumentError(
      `${platform} has no profile "${profile}"; it has ${profiles.join(', ')}.`,
    );
  }
  const etcd = options.etcd ?? places[0];
  if (etcd !== undefined && !places.includes(etcd)) {
    throw new InvalidArgumentError(
      `--etcd is of a platform on etcd, and ${platform} is not on it.`,
    );
  }
  return {
    name,
    platform,
    controlPlanes: options.controlPlanes ?? options.nodes ?? size.controlPlanes,
    workers: options.workers ?? size.workers,
    profile,
    ...(etcd !== undefined && { etcd }),
    ...(options.monitoring === true && { monitoring: true }),
  };
}

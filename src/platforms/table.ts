import type { PlatformName } from '../model/snapshot.ts';
import { microk8s } from './microk8s.ts';
import type { Platform } from './platform.ts';

/** Every platform, by the name that cluster files use. */
export const platforms = { microk8s } as const satisfies Record<PlatformName, Platform>;

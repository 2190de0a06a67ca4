import type { PlatformName } from '../model/snapshot.ts';
import { kubeadm } from './kubeadm/platform.ts';
import { microk8s } from './microk8s/platform.ts';
import type { Platform } from './platform.ts';

/** Every platform, by the name that cluster files use. */
export const platforms: Readonly<Record<PlatformName, Platform>> = { microk8s, kubeadm };

import type { V1ConfigMap } from '@kubernetes/client-node/dist/gen/models/V1ConfigMap.js';
import type { V1Job } from '@kubernetes/client-node/dist/gen/models/V1Job.js';
import type { V1Namespace } from '@kubernetes/client-node/dist/gen/models/V1Namespace.js';
import type { V1PodSpec } from '@kubernetes/client-node/dist/gen/models/V1PodSpec.js';
import type { V1Volume } from '@kubernetes/client-node/dist/gen/models/V1Volume.js';
import type { V1VolumeMount } from '@kubernetes/client-node/dist/gen/models/V1VolumeMount.js';
import type { Json } from '../links/kube.ts';
import { secretName, targetKeys } from './target.ts';

/** What is to be done on each cluster of a fleet. */
export interface FleetWork {
  /** Files that a person wrote, by their names. */
  readonly files: Readonly<Record<string, string>>;
  /** The command that does it, without `--cluster` and `--reports`; files of its own are in `workFolder`. */
  readonly args: readonly string[];
}

export interface FleetJob {
  /** Of the Job and of the ConfigMap. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  readonly work: FleetWork;
  /** Names of the clusters; the place of each is its index. */
  readonly targets: readonly string[];
  /** How many clusters are worked on at once. */
  readonly parallelism: number;
  /** How long one cluster may take before its pod is told to end, which heals; seconds. */
  readonly deadlineSeconds: number;
  /** A PersistentVolumeClaim for the reports; without one they go with their pods. */
  readonly reportsClaim?: string;
}

/** Where a pod finds what it is to do. */
export const workFolder = '/etc/holdfast/work';
const targetFolder = '/etc/holdfast/target';
const reportsFolder = '/reports';

/** Of the user in the image; any that is not root would do. */
const user = 10_001;

/** As long as a unit of systemd waits for healing. */
const healSeconds = 600;

/** Pods and their logs are kept for a week. */
const keptSeconds = 7 * 86_400;

const labels = { 'app.kubernetes.io/name': 'holdfast', 'app.kubernetes.io/component': 'fleet' };

/** The namespace of a fleet: nothing in it needs any privilege. */
export function fleetNamespace(name: string): Json<V1Namespace> {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: { ...labels, 'pod-security.kubernetes.io/enforce': 'restricted' },
    },
  };
}

/** What is to be done, as pods of the Job read it. */
export function workMap({ name, namespace, work }: FleetJob): Json<V1ConfigMap> {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels },
    data: { ...work.files },
  };
}

/**
 * An Indexed Job for a management cluster: one index does the work on one target cluster, and sees the Secret of that
 * one alone. An index that fails stays failed, whatever made it so, and ends no other: its game day is a result, and
 * doing it again would be another one.
 */
export function fleetJob(job: FleetJob): Json<V1Job> {
  const { name, namespace, targets, parallelism } = job;
  return {
    apiVersion: 'batch/v1',
    kind: 'Job',
    metadata: {
      name,
      namespace,
      labels,
      // Who looks at pod 3 wants to know which cluster that is.
      annotations: { 'holdfast.dev/index-of': targets.join(',') },
    },
    spec: {
      completionMode: 'Indexed',
      completions: targets.length,
      parallelism,
      backoffLimitPerIndex: 0,
      podFailurePolicy: {
        rules: [
          // A pod that was evicted or preempted has healed or left it to the timers; another may not break the same.
          {
            action: 'FailIndex',
            onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }],
          },
          { action: 'FailIndex', onExitCodes: { operator: 'NotIn', values: [0] } },
        ],
      },
      // Only once a pod is gone for certain may anything stand in for it.
      podReplacementPolicy: 'Failed',
      ttlSecondsAfterFinished: keptSeconds,
      template: {
        metadata: {
          labels,
          annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict': 'false' },
        },
        spec: podSpec(job),
      },
    },
  };
}

function podSpec(job: FleetJob): Json<V1PodSpec> {
  const { image, work, deadlineSeconds } = job;
  return {
    restartPolicy: 'Never',
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // As process 1 it would not hear SIGTERM between two trials.
    shareProcessNamespace: true,
    activeDeadlineSeconds: deadlineSeconds,
    terminationGracePeriodSeconds: healSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: user,
      runAsGroup: user,
      fsGroup: user,
      seccompProfile: { type: 'RuntimeDefault' },
    },
    containers: [
      {
        name: 'holdfast',
        image,
        imagePullPolicy: 'IfNotPresent',
        workingDir: '/opt/holdfast',
        // Reports are by the cluster's name, as its index changes with the list: its history stays in one place.
        command: [
          '/bin/sh',
          '-c',
          `read -r cluster < ${targetFolder}/name; exec node --max-semi-space-size=2 bin/holdfast.js "$@" --cluster ${targetFolder}/cluster.yaml --reports "${reportsFolder}/$cluster"`,
          'holdfast',
        ],
        args: [...work.args],
        env: [
          {
            name: 'INDEX',
            valueFrom: {
              fieldRef: {
                fieldPath: "metadata.annotations['batch.kubernetes.io/job-completion-index']",
              },
            },
          },
          { name: 'HOME', value: '/tmp' },
        ],
        resources: {
          // No limit of the processor: one that is held back measures itself. Then timings would be invalid.
          // Nor a request of storage: a kubelet that does not count it would never be given the pod.
          requests: { cpu: '1', memory: '256Mi' },
          limits: { memory: '512Mi' },
        },
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: mounts,
      },
    ],
    volumes: volumesOf(job),
  };
}

const mounts: Json<V1VolumeMount>[] = [
  { name: 'work', mountPath: workFolder, readOnly: true },
  { name: 'targets', mountPath: targetFolder, subPathExpr: '$(INDEX)', readOnly: true },
  { name: 'reports', mountPath: reportsFolder },
  { name: 'tmp', mountPath: '/tmp' },
];

function volumesOf({ name, targets, reportsClaim }: FleetJob): Json<V1Volume>[] {
  return [
    { name: 'work', configMap: { name } },
    {
      name: 'targets',
      projected: {
        // Read by the group, which is that of the pod.
        defaultMode: 0o440,
        sources: targets.map((target, index) => ({
          secret: {
            name: secretName(target),
            items: targetKeys.map((key) => ({ key, path: `${index}/${key}` })),
          },
        })),
      },
    },
    {
      name: 'reports',
      ...(reportsClaim === undefined
        ? { emptyDir: {} }
        : { persistentVolumeClaim: { claimName: reportsClaim } }),
    },
    { name: 'tmp', emptyDir: {} },
  ];
}

import { z } from 'zod';
import { claims } from '../claims/table.ts';
import { faults } from '../faults/table.ts';
import { clusterFile } from './cluster-schema.ts';
import { gamedayFile } from './gameday-schema.ts';
import { scenarioFile } from './scenario-schema.ts';
import type { Tables } from '../model/tables.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The JSON Schema of a scenario file, for editors: docs/schema/scenario.json. */
export function scenarioSchema(tables: Tables = { faults, claims }): JsonSchema {
  return jsonSchema(scenarioFile(tables));
}

/** The JSON Schema of a cluster file, for editors: docs/schema/cluster.json. */
export function clusterSchema(): JsonSchema {
  return jsonSchema(clusterFile);
}

/** The JSON Schema of a game day's file, for editors: docs/schema/gameday.json. */
export function gamedaySchema(): JsonSchema {
  return jsonSchema(gamedayFile);
}

function jsonSchema(schema: z.ZodType): JsonSchema {
  // Draft 7 is what the YAML language server of the editors understands best.
  return z.toJSONSchema(schema, { io: 'input', target: 'draft-7' });
}

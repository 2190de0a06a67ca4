import { z } from 'zod';

/** The field of a claim that counts from a fault. */
export const afterFault = z
  .string()
  .optional()
  .describe('Id of the fault it is counted from; the first without');

/** The field of a claim that counts from a fault, or from the healing of the last one: the claim says `fromHealing`. */
export const afterFaultOrHeal = z
  .string()
  .optional()
  .describe(
    'Id of the fault it is counted from, the first without; or heal: from the healing of the last',
  );

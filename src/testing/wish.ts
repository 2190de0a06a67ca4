import { defaultWish } from '../lab/lab.ts';

/** The lab that tests share; `HOLDFAST_TEST_LAB` names another, for somebody who works beside a measurement. */
export const testWish = {
  ...defaultWish,
  name: process.env['HOLDFAST_TEST_LAB'] ?? defaultWish.name,
};

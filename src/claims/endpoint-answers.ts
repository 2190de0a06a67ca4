import { worksAgain } from './works-again.ts';

/** The API answers by the address that everybody has, whoever holds it and whatever passes the question on. */
export const endpointAnswers = worksAgain({
  name: 'endpoint-answers',
  summary: 'the API answers by the address of the kubeconfig again, and so it goes on',
  probe: 'endpoint',
  promise: 'the API answers again by the address of the kubeconfig',
  says: 'the API answered again by the address of the kubeconfig',
});

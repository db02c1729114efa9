/** What agents and the control plane say to each other, generated from `proto/` by `npm run generate`. */
export * from './gen/gantry/v1/node';

/**
 * What agents and the control plane say to each other: the messages, generated from `proto/` by `npm run generate`,
 * and the stream of channels (exec, attach, logs, port-forward) that both ends speak over `Stream` calls.
 */
export * from './frame-stream';
export * from './gen/gantry/v1/node';

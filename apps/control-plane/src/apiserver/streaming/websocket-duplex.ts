import { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';

/** A WebSocket whose binary messages are one stream of bytes each way. */
export function webSocketDuplex(socket: WebSocket): Duplex {
  const duplex = new Duplex({
    read: () => {
      socket.resume();
    },
    write: (chunk: Buffer, _encoding, done) => {
      socket.send(chunk, done);
    },
    final: (done) => {
      socket.close(1000);
      done();
    },
    destroy: (error, done) => {
      socket.terminate();
      done(error);
    },
  });
  socket.on('message', (message: Buffer) => {
    if (!duplex.push(message)) socket.pause();
  });
  socket.on('close', () => {
    duplex.push(null);
  });
  return duplex;
}

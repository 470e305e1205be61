import type { FastifyInstance } from 'fastify';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** Counts and times for an operator, in the text form of Prometheus. Nothing in them says whose request it was. */
export interface Metrics {
  readonly contentType: string;
  text(): Promise<string>;
  onTurn(ms: number): void;
  onStored(documents: number): void;
}

export function measure(app: FastifyInstance): Metrics {
  const registers = [new Registry()];
  const [register] = registers;
  if (register === undefined) throw new Error('no registry');
  const requests = new Histogram({
    name: 'platform_request_seconds',
    help: 'Time to answer a request',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2, 10, 35],
    registers,
  });
  const stored = new Counter({ name: 'platform_documents_total', help: 'Documents stored', registers });
  const turns = new Histogram({
    name: 'platform_turn_seconds',
    help: 'Time of a turn of processing',
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers,
  });
  new Gauge({
    name: 'process_resident_memory_bytes',
    help: 'Resident memory',
    registers,
    collect() {
      this.set(process.memoryUsage.rss());
    },
  });
  new Counter({
    name: 'process_cpu_seconds_total',
    help: 'CPU time, all threads',
    registers,
    collect() {
      const { user, system } = process.cpuUsage();
      this.reset();
      this.inc((user + system) / 1e6);
    },
  });
  app.addHook('onResponse', async (request, reply) => {
    const route = request.routeOptions.url ?? 'unknown';
    requests.observe({ method: request.method, route, status: reply.statusCode }, reply.elapsedTime / 1000);
  });
  return {
    contentType: register.contentType,
    text: () => register.metrics(),
    onTurn: (ms) => turns.observe(ms / 1000),
    onStored: (documents) => stored.inc(documents),
  };
}

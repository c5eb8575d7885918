// PostgreSQL keeps the port's rules, proved against a real server. Without one this file says so and checks nothing else.
import { afterAll, expect, it } from "vitest";
import { postgresRepository } from "../app/data/postgres/repository.js";
import { repositoryConformance } from "./conformance.js";
import { startCluster } from "./postgres-cluster.js";

const cluster = await startCluster();

if ("url" in cluster) {
  process.stderr.write(`cairn: the PostgreSQL suite runs on ${cluster.how}\n`);
  afterAll(() => cluster.stop());
  repositoryConformance(`postgres (${cluster.how})`, () => postgresRepository({ url: cluster.url }));
} else {
  process.stderr.write(`cairn: the PostgreSQL suite did NOT run: ${cluster.why}\n`);
  it(`PostgreSQL was not tested: ${cluster.why}`, () => expect(cluster.why).not.toBe(""));
}

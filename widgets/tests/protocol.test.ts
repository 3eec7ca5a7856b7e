import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";

test("the types on the wire are those of the Python messages", () => {
  const check = () =>
    execFileSync("node", ["protocol.mjs", "--check"], { stdio: "pipe" }).toString();
  expect(check).not.toThrow();
}, 30_000);

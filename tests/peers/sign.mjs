/** Amazon's signer as a process: a line {call, arguments} of JSON on stdin, a line {result} or {error} on stdout. */

import { getSignedCookies, getSignedUrl } from "@aws-sdk/cloudfront-signer";
import { createVerify } from "node:crypto";
import { createInterface } from "node:readline";

/** Whether Node's own crypto, without Amazon's code, accepts a signature. */
function verify({ publicKey, algorithm, statement, signature }) {
  return createVerify(algorithm).update(statement).verify(publicKey, signature, "base64");
}

/** How many URLs the signer makes in a second of the processor, when it makes them for some seconds. */
function rate({ seconds, ...rest }) {
  const start = process.cpuUsage();
  const end = performance.now() + seconds * 1000;
  let count = 0;
  for (; performance.now() < end; count += 1) getSignedUrl(rest);
  const { user, system } = process.cpuUsage(start);
  return (count * 1e6) / (user + system);
}

const version = () => process.version;
const calls = { getSignedCookies, getSignedUrl, rate, verify, version };

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = { result: calls[request.call](request.arguments) };
  } catch (error) {
    answer = { error: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}

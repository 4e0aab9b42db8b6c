/**
 * NODE_OPTIONS of the Dockerfile. Every part that starts the API or a worker uses them: without them a process takes
 * twice the memory. A test compares them with the Dockerfile.
 */
export const imageNodeOptions = '--max-semi-space-size=8 --max-old-space-size=128 --v8-pool-size=1'

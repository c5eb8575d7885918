// How much a test does where it only looks for what differs between platforms: VANGO_SOAK_FACTOR below 1. scripts/soak gives it to
// fast-check; what a test counts or loops over itself takes it from here. A soak asks for no more of these.
export const SHARE = Math.min(1, Number(process.env["VANGO_SOAK_FACTOR"] ?? 1));

export const fewer = (n: number): number => Math.ceil(n * SHARE);

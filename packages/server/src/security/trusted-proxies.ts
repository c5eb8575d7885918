/**
 * Whose `X-Forwarded-…` headers count. Nobody's by default: anybody can send them. Addresses of the list's networks are
 * proxies; the visitor is the last address of `X-Forwarded-For` that is none.
 */
import { BlockList, isIP } from "node:net";
import { serverError } from "../errors.js";

/** Longest chain of proxies that is followed. */
const MAX_HOPS = 20;

export class TrustedProxies {
  readonly #networks = new BlockList();
  readonly #none: boolean;

  /**
   * @param networks `10.0.0.0/8`, `::1`, `192.168.1.7` …
   * @throws VANGO_BAD_OPTION for what is no network
   */
  constructor(networks: readonly string[]) {
    this.#none = networks.length === 0;
    for (const network of networks) {
      const [address = "", bits, ...rest] = network.split("/");
      const family = isIP(address);
      const most = family === 4 ? 32 : 128;
      const prefix = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Infinity;
      if (family === 0 || prefix > most || rest.length > 0) throw serverError("VANGO_BAD_OPTION", { message: `trustedProxies: \`${network}\` is no address or network such as \`10.0.0.0/8\`.` });
      this.#networks.addSubnet(address, prefix, family === 4 ? "ipv4" : "ipv6");
    }
  }

  trusts(address: string): boolean {
    if (this.#none) return false;
    const plain = plainAddress(address);
    const family = isIP(plain);
    return family !== 0 && this.#networks.check(plain, family === 4 ? "ipv4" : "ipv6");
  }

  /** The visitor's address: the peer's, unless a trusted proxy names another. */
  clientIp(peer: string, forwardedFor: string | undefined): string {
    if (forwardedFor === undefined || !this.trusts(peer)) return peer;
    let client = peer;
    const hops = forwardedFor.split(",").slice(-MAX_HOPS);
    for (let i = hops.length - 1; i >= 0; i--) {
      const hop = plainAddress((hops[i] as string).trim());
      // What a visitor wrote himself stands before what the proxies added: behind nonsense nothing is believed.
      if (isIP(hop) === 0) return client;
      client = hop;
      if (!this.trusts(hop)) return client;
    }
    return client;
  }

  /** The headers of a request, with the Host that the visitor's browser asked for. */
  headers(incoming: Asked): (name: string) => string | undefined {
    const header = (name: string): string | undefined => incoming.header(name);
    if (this.#none || !this.trusts(incoming.ip())) return header;
    return (name) => (name === "host" ? (header("x-forwarded-host") ?? header("host")) : header(name));
  }
}

/** What is asked of a request. */
interface Asked {
  header(name: string): string | undefined;
  ip(): string;
}

/** IPv4 in the form of IPv6, brackets and ports, as proxies and sockets write them, to the bare address. */
function plainAddress(address: string): string {
  const bare = address.startsWith("[") ? address.slice(1, address.indexOf("]")) : /^\d+\.\d+\.\d+\.\d+:\d+$/.test(address) ? address.slice(0, address.indexOf(":")) : address;
  const mapped = /^(?:::ffff:|0000:0000:0000:0000:0000:ffff:)(.+)$/i.exec(bare)?.[1];
  if (mapped === undefined) return bare;
  const hex = /^([0-9a-f]{1,4}):([0-9a-f]{1,4})$/i.exec(mapped);
  if (hex === null) return mapped;
  const [high, low] = [Number.parseInt(hex[1] as string, 16), Number.parseInt(hex[2] as string, 16)];
  return `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`;
}

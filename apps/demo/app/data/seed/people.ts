// The workspace of the seed: who works here and on what.
import type { Member, Project } from "../records.js";

export const members: readonly Member[] = [
  { id: "mara", name: "Mara Lindqvist", role: "Engineering lead", hue: 262 },
  { id: "tobias", name: "Tobias Weller", role: "Frontend", hue: 205 },
  { id: "ines", name: "Inês Carvalho", role: "Product", hue: 330 },
  { id: "kofi", name: "Kofi Mensah", role: "Backend", hue: 28 },
  { id: "yuki", name: "Yuki Tanabe", role: "Design", hue: 350 },
  { id: "priya", name: "Priya Raman", role: "Backend", hue: 158 },
  { id: "jonas", name: "Jonas Brandt", role: "Infrastructure", hue: 190 },
  { id: "amelia", name: "Amelia Okafor", role: "Mobile", hue: 12 },
  { id: "mateo", name: "Mateo Silva", role: "Mobile", hue: 92 },
  { id: "hana", name: "Hana Kovář", role: "Quality", hue: 290 },
  { id: "leo", name: "Leo Fontaine", role: "Frontend", hue: 225 },
  { id: "sana", name: "Sana Iqbal", role: "Support", hue: 45 },
];

export const projects: readonly Project[] = [
  { id: "WEB", name: "Web app", summary: "What customers open every morning.", leadId: "tobias", hue: 255 },
  { id: "API", name: "Platform API", summary: "Public API, webhooks, imports and billing.", leadId: "kofi", hue: 158 },
  { id: "MOB", name: "Mobile", summary: "iOS and Android, offline first.", leadId: "amelia", hue: 18 },
  { id: "OPS", name: "Infrastructure", summary: "Deploys, databases, cost and on-call.", leadId: "jonas", hue: 205 },
];

export const checks: readonly string[] = [
  "Freeze the release branch",
  "Translate the new onboarding strings",
  "Run the migration rehearsal on a copy of production",
  "Check dashboards for the canary",
  "Accessibility pass on the settings pages",
  "Update the public changelog",
  "Tell support about the new export limits",
  "Rotate the signing keys",
  "Announce the maintenance window",
];

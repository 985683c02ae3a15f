// Whether boxes stand inside a plan and beside each other: '' or what is wrong.
export function placed(nodes, plan) {
  const text = (node) => `${node.x},${node.y} ${node.w}x${node.h}`;
  for (const node of nodes) {
    if (node.x < 0 || node.y < 0 || node.x + node.w > plan.width + 0.5 || node.y + node.h > plan.height + 0.5) return `outside: ${text(node)}`;
  }
  for (const [i, one] of nodes.entries()) {
    const over = nodes.slice(i + 1).find((other) => one.x < other.x + other.w && other.x < one.x + one.w && one.y < other.y + other.h && other.y < one.y + one.h);
    if (over) return `${text(one)} over ${text(over)}`;
  }
  return '';
}

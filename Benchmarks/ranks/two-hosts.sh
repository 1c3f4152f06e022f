#!/usr/bin/env bash
# Runs a command on two MPI ranks, each in a network namespace of its own, with a link between them that is
# shaped to a rate. For root, with iproute2 and Open MPI.
#
#   Benchmarks/ranks/two-hosts.sh 1gbit COMMAND...
#
# With OUT=DIR the command's output goes to DIR/1/rank.0 and DIR/1/rank.1.
set -euo pipefail

rate=$1
shift
one=latent-$$-a two=latent-$$-b
agent=$(mktemp)

leave() {
  ip netns del "$one" || true
  ip netns del "$two" || true
  rm -f "$agent"
}
trap leave EXIT

ip netns add "$one"
ip netns add "$two"
ip link add "v$$a" netns "$one" type veth peer name "v$$b" netns "$two"
ip -n "$one" address add 10.87.0.1/24 dev "v$$a"
ip -n "$two" address add 10.87.0.2/24 dev "v$$b"
for side in "$one v$$a" "$two v$$b"; do
  read -r space link <<<"$side"
  ip -n "$space" link set lo up
  ip -n "$space" link set "$link" up
  tc -n "$space" qdisc add dev "$link" root tbf rate "$rate" burst 128kb latency 50ms
done

# What mpirun starts its daemon on another host with: the host's name, then the command.
cat >"$agent" <<END
#!/bin/sh
while [ "\${1#-}" != "\$1" ]; do shift; done
shift
exec ip netns exec $two unshare --uts sh -c 'hostname two; eval "\$1"' sh "\$*"
END
chmod +x "$agent"

out=()
[[ -z ${OUT:-} ]] || out=(--output-filename "$OUT")
# Without shared memory, as on two machines.
ip netns exec "$one" mpirun.openmpi --allow-run-as-root "${out[@]}" --oversubscribe --bind-to none \
  --mca plm_rsh_agent "$agent" --mca btl tcp,self --mca pml ob1 --mca btl_tcp_if_include 10.87.0.0/24 \
  --mca oob_tcp_if_include 10.87.0.0/24 -n 2 --host 10.87.0.1,10.87.0.2 "$@"

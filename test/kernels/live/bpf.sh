# SPDX-License-Identifier: GPL-2.0-only
# In the guest, on a kernel with sched_ext: BPF schedulers start and stop while either scheduler is
# active; while one is active, an order to change the scheduler is refused for that reason.
# shellcheck shell=dash
# shellcheck source=test/kernels/live/lib.sh
. /lib.sh

[ -e /sys/kernel/sched_ext ] || { echo 'this kernel has no sched_ext'; exit 77; }
# Linux 6.12 has two warnings of its own, both seen before any module was loaded. When a BPF
# scheduler starts or stops among deadline tasks, it checks every task's class again; a deadline
# task then requests a pull ("rq->balance_callback"), and the runqueue is unlocked without it.
# And while a BPF scheduler is active among tasks with core scheduling cookies,
# put_prev_task_scx() warns.
STORM_WITHOUT=' deadline cookie ' storm 100000 600 >/tmp/storm 2>&1 &
storm=$!
sleep 1

begin() { bpftool struct_ops register /count.bpf.o >/tmp/registered 2>&1 || wrong "the BPF scheduler does not come: $(cat /tmp/registered)"; }
end() { bpftool struct_ops unregister name count >/tmp/registered 2>&1 || wrong "the BPF scheduler does not go: $(cat /tmp/registered)"; }
until_state() { # STATE: of sched_ext
	await "sched_ext is $1" grep -qx "$1" /sys/kernel/sched_ext/state
}
started() { bpftool map dump name count.bss | grep -o '"started": [0-9]*' | grep -o '[0-9]*'; }
is_asked() { [ $(($(started) - before)) -gt 100 ]; }
works() { # WHERE
	before=$(started)
	await "$1, the BPF scheduler is asked" is_asked && ok "$1, the BPF scheduler was asked $(($(started) - before)) times"
}
round() { # WHERE COMMAND...: the command is refused while a BPF scheduler is active
	where=$1
	shift
	begin
	until_state enabled
	works "$where"
	refused 'a BPF scheduler is at work' "$@"
	works "$where"
	end
	until_state disabled
}

for time in 1 2 3; do
	round "time $time, in vmlinux" plugsched load /stripped.ko
	holds 'load' plugsched load /stripped.ko
	round "time $time, in the module" plugsched unload
	round "time $time, in the module again" plugsched unload
	holds 'unload' plugsched unload
done

# orders while a BPF scheduler starts and stops: each is refused or done
(while [ ! -e /tmp/enough ]; do begin; end; done) >/tmp/coming 2>&1 &
coming=$!
done=0 not=0
for _ in 1 2 3 4 5 6 7 8 9 10; do
	if plugsched load /stripped.ko >/tmp/said 2>&1; then
		done=$((done + 1))
	else
		not=$((not + 1))
		grep -qE 'BPF scheduler is at work|stood in the way|already loaded' /tmp/said || wrong "load: $(cat /tmp/said)"
	fi
	plugsched unload >/tmp/said 2>&1 || grep -qE 'BPF scheduler is at work|stood in the way|no replaced scheduler' /tmp/said ||
		wrong "unload: $(cat /tmp/said)"
done
touch /tmp/enough
wait $coming
until_state disabled
cat /tmp/coming
echo "while BPF schedulers came and went: loaded $done times, refused $not times"
none_is_loaded || holds 'unload' plugsched unload
holds 'load' plugsched load /stripped.ko
holds 'unload' plugsched unload
if kill $storm && wait $storm; then ok 'no worker is lost'; else wrong 'storm'; cat /tmp/storm; fi
finish

// Loaded into a proxy before it starts: its wall clock jumps when it is told to, as a machine's does when its time
// is set. Durations go on as they were, since the clock that never goes backwards is left alone.
const MachineDate = Date;

let offsetMs = Number(process.env.CHAOS_CLOCK_OFFSET_MS ?? 0);

globalThis.Date = class extends MachineDate {
  constructor(...when) {
    super(...(when.length === 0 ? [MachineDate.now() + offsetMs] : when));
  }

  static now() {
    return MachineDate.now() + offsetMs;
  }
};

process.on('message', ({ clockOffsetMs = offsetMs }) => {
  offsetMs = clockOffsetMs;
});
// Whoever set it going has gone, perhaps by a mistake: nothing is left behind.
process.on('disconnect', () => process.exit());
process.channel?.unref();

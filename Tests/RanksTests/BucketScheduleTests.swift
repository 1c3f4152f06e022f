import Testing

@testable import Ranks

@Suite struct BucketScheduleTests {
  @Test func bucketsCoverTheBufferOnce() {
    var slots: [(range: Range<Int>, step: Int)] = []
    var offset = 0
    for index in 0..<40 {
      let length = 16 * (1 + index * 7919 % 3000)
      slots.append((range: offset..<offset + length, step: 100 - index))
      offset += length
    }
    let schedule = BucketSchedule(slots, count: offset)
    #expect(schedule.ranges.count > 1)
    #expect(schedule.steps == schedule.steps.sorted())
    let sorted = schedule.ranges.sorted { $0.lowerBound < $1.lowerBound }
    #expect(sorted.first?.lowerBound == 0 && sorted.last?.upperBound == offset)
    for (one, next) in zip(sorted, sorted.dropFirst()) {
      #expect(one.upperBound == next.lowerBound)
    }
    // No bucket goes before its last gradient is final.
    for (range, step) in zip(schedule.ranges, schedule.steps) {
      #expect(slots.filter { range.overlaps($0.range) }.allSatisfy { $0.step <= step })
    }
  }

  @Test func aSmallModelIsOneBucket() {
    let schedule = BucketSchedule([(range: 0..<16, step: 5), (range: 16..<64, step: 3)], count: 64)
    #expect(schedule.ranges == [0..<64] && schedule.steps == [5])
  }

  @Test func aProcessAloneHasNoRanks() throws {
    #expect(try Ranks.start() == nil)
  }
}

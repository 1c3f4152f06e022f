import Platform
import Testing

@Suite struct LockTests {
  @Test("one works with the state at a time")
  func exclusion() {
    let sum = Lock(0)
    Parallel.perform(8) { _ in
      for _ in 0..<1000 { sum.withLock { $0 += 1 } }
    }
    #expect(sum.withLock { $0 } == 8000)
  }

  @Test("what another thread puts there ends the wait")
  func waiting() throws {
    let letters = Lock<[Int]>([])
    let queue = try #require(WorkQueue())
    for index in 0..<100 {
      queue.add { letters.change { $0.append(index) } }
      let letter = letters.wait { $0.isEmpty ? nil : $0.removeFirst() }
      #expect(letter == index)
    }
  }

  @Test("a wait ends with its time, and at once where there is nothing to wait for")
  func waitingForSomeTime() throws {
    let state = Lock(1)
    let start = monotonicSeconds()
    #expect(state.wait(seconds: 0.02) { $0 == 2 ? () : nil } == nil)
    #expect(monotonicSeconds() - start >= 0.02)
    #expect(state.wait(seconds: 0) { $0 == 1 ? "one" : nil } == "one")
    let queue = try #require(WorkQueue())
    queue.add { state.change { $0 = 2 } }
    #expect(state.wait(seconds: 60) { $0 == 2 ? "two" : nil } == "two")
  }

  @Test("what goes wrong within goes on to the caller, and the lock is let go")
  func failing() {
    struct Problem: Error, Equatable {}
    let state = Lock(1)
    #expect(throws: Problem()) { try state.withLock { _ in throw Problem() } }
    #expect(state.withLock { $0 } == 1)
  }
}

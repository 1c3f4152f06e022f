import Foundation
import Platform
import Testing

@testable import Files

@Suite struct ClaimTests {
  private final class Folder {
    let path = NSTemporaryDirectory() + "claim-tests-" + UUID().uuidString
    init() throws {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }
    deinit { try? FileManager.default.removeItem(atPath: path) }
    var result: String { path + "/a.png" }
    var names: [String] {
      get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
    /// A claim as a process would have left it.
    func leave(_ lines: String, secondsAgo: Double, generation: Int = 0) throws {
      let path = ClaimNames.claim(of: result, generation)
      try Data(("latent claim 1\n" + lines).utf8).write(to: URL(fileURLWithPath: path))
      try FileManager.default.setAttributes(
        [.modificationDate: Date(timeIntervalSinceNow: -secondsAgo)], ofItemAtPath: path)
    }
    var isDone: Bool { Paths.exists(result) }
  }

  private func take(_ folder: Folder, _ claims: Claims) throws -> Claim? {
    guard
      case .taken(let claim) = try claims.take(folder.result, isFinished: { folder.isDone })
    else { return nil }
    return claim
  }

  /// How many of as many threads as one likes get a result.
  private func race(_ count: Int, for result: String) -> Int {
    let taken = Lock<[Claim]>([])
    DispatchQueue.concurrentPerform(iterations: count) { _ in
      let outcome = try? Claims(timeout: 60).take(result, isFinished: { false })
      if case .taken(let claim)? = outcome { taken.withLock { $0.append(claim) } }
    }
    return taken.withLock(\.count)
  }

  @Test func oneOfManyGetsAResult() throws {
    let folder = try Folder()
    #expect(race(32, for: folder.result) == 1)
    #expect(try folder.names == [".a.png.claim"])
  }

  @Test func oneOfManyTakesOver() throws {
    for _ in 0..<20 {
      let folder = try Folder()
      try folder.leave("host x\nprocess 1\n", secondsAgo: 100)
      try folder.leave("host y\nprocess 1\n", secondsAgo: 100, generation: 1)
      #expect(race(16, for: folder.result) == 1)
      #expect(try folder.names == [".a.png.claim", ".a.png.claim.1", ".a.png.claim.2"])
    }
  }

  @Test func aClaimStandsForItsTimeout() throws {
    let folder = try Folder()
    let claims = Claims(timeout: 60)
    try folder.leave("host x\nprocess 1\nkernel other\n", secondsAgo: 50)
    #expect(try take(folder, claims) == nil)
    try folder.leave("host x\nprocess 1\nkernel other\ntimeout 500\n", secondsAgo: 100)
    #expect(try take(folder, claims) == nil)
    let state = try #require(Claims.state(of: folder.result, now: Date().timeIntervalSince1970))
    #expect(state.owner?.host == "x" && state.owner?.process == 1)
    try folder.leave("host x\nprocess 1\nkernel other\ntimeout 70\n", secondsAgo: 100)
    #expect(try take(folder, claims)?.generation == 1)
  }

  @Test func whatOneOfThisMachineLeftIsTakenAtOnce() throws {
    let own = ProcessIdentity.own
    try #require(!own.kernel.isEmpty, "no /proc")
    let claims = Claims(timeout: 1000)
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-c", "exit 0"]
    try process.run()
    process.waitUntilExit()
    let folder = try Folder()
    try folder.leave(
      "host h\nprocess \(process.processIdentifier)\nstart 1\nkernel \(own.kernel)\n", secondsAgo: 0
    )
    #expect(try take(folder, claims)?.generation == 1)
    // A number that another process has now, and one that lives.
    let second = try Folder()
    try second.leave(
      "host h\nprocess \(getppid())\nstart 1\nkernel \(own.kernel)\n", secondsAgo: 0)
    #expect(try take(second, claims)?.generation == 1)
    let third = try Folder()
    try third.leave(
      "host h\nprocess \(getpid())\nstart \(own.start)\nkernel \(own.kernel)\n", secondsAgo: 0)
    #expect(try take(third, claims) == nil)
  }

  @Test func whatIsDoneIsLeftAlone() throws {
    let folder = try Folder()
    let claims = Claims(timeout: 60)
    let claim = try #require(try take(folder, claims))
    #expect(claim.isOurs)
    try AtomicFile.write([1], to: folder.result, replaces: false)
    claim.finish()
    #expect(try folder.names == ["a.png"])
    // Who looked for the result before it was there finds out once the claim is made.
    #expect(try take(folder, claims) == nil)
    #expect(try folder.names == ["a.png"])
  }

  @Test func whatIsGivenUpIsTaken() throws {
    let folder = try Folder()
    let claims = Claims(timeout: 60)
    let first = try #require(try take(folder, claims))
    #expect(try take(folder, claims) == nil)
    first.release()
    let second = try #require(try take(folder, claims))
    #expect(second.generation == 1 && second.isOurs && !first.isOurs)
    try AtomicFile.write([1], to: folder.result)
    second.finish()
    #expect(try folder.names == ["a.png"])
  }

  @Test func aClaimIsKeptFresh() throws {
    let folder = try Folder()
    let claims = Claims(timeout: 1)
    let claim = try #require(try take(folder, claims))
    for _ in 0..<4 {
      usleep(500_000)
      let now = try Claims.serverTime(in: folder.path)
      #expect(try #require(Claims.state(of: folder.result, now: now)).silence < 1)
    }
    claim.release()
    usleep(500_000)
    #expect(
      try #require(Claims.state(of: folder.result, now: 1e9)).silence > 0.9e9)
  }

  @Test func sweepingTakesWhatKilledProcessesLeft() throws {
    let folder = try Folder()
    try AtomicFile.write([1], to: folder.result)
    try folder.leave("host x\n", secondsAgo: 0)
    try folder.leave("host x\n", secondsAgo: 0, generation: 1)
    let foreign = folder.path + "/.latent-1-1-00000000.tmp"
    try Data([1]).write(to: URL(fileURLWithPath: foreign))
    let claims = Claims(timeout: 60)
    let now = try Claims.serverTime(in: folder.path)
    claims.sweep([folder.result], now: now)
    #expect(try folder.names == [".latent-1-1-00000000.tmp", "a.png"])
    claims.sweep([folder.result], now: now + 100)
    #expect(try folder.names == ["a.png"])
  }

  @Test func whatIsThereStays() throws {
    let folder = try Folder()
    for byte in [1, 2] as [UInt8] {
      try AtomicFile.write([byte], to: folder.result, replaces: false)
    }
    #expect(try FileReader.readFile(folder.result) == [1])
    #expect(try folder.names == ["a.png"])
  }

  @Test func longNamesHaveClaimsToo() throws {
    let folder = try Folder()
    let result = folder.path + "/" + String(repeating: "x", count: 251) + ".png"
    guard case .taken(let claim) = try Claims(timeout: 60).take(result, isFinished: { false })
    else {
      Issue.record("not taken")
      return
    }
    try AtomicFile.write([1], to: result)
    claim.finish()
    #expect(try folder.names.count == 1)
  }
}

import Testing
import VAE

@testable import Reports

@Suite("the history of a run") struct RunHistoryTests {
  private func entry(
    _ step: Int, training: Double? = nil, heldOut: Double? = nil, rate: Double = 20,
    weight: Double = 1
  ) -> RunHistory.Entry {
    var entry = RunHistory.Entry(step: step)
    entry.epoch = Double(step) / 10
    entry.rateWeight = weight
    entry.training = training.map { BoundSummary(rate: rate, distortion: -$0 - rate) }
    entry.heldOut = heldOut.map { BoundSummary(rate: rate, distortion: -$0 - rate) }
    return entry
  }

  private func verdict(_ training: [Double], _ heldOut: [Double], rate: Double = 20) -> RunVerdict {
    RunVerdict(
      RunHistory(
        zip(training, heldOut).enumerated().map {
          entry(10 * ($0 + 1), training: $1.0, heldOut: $1.1, rate: rate)
        }), isConditional: false)
  }

  @Test("is read as it was written, and a log of training too")
  func lines() throws {
    var first = entry(10, training: -120.5, heldOut: -118.25)
    first.groupRates = [12.5, 7.5]
    first.activeUnits = [3, 4]
    first.learningRate = 0.001
    first.seconds = 2.5
    first.heldOutRatio = 31.5
    let text = first.json.description + "\n"
    #expect(RunHistory(log: Array(text.utf8)).entries == [first])
    let log = """
      {"step":100,"seconds":3.5,"images_per_second":900,"bound":-150,"rate":10,"distortion":140}
      {"step":120,"validation_bound":-140,"validation_rate":12,"validation_distortion":128}
      no line
      {"step":"x"}
      {"step":200,"seconds":7,"bound":-13
      """
    let entries = RunHistory(log: Array(log.utf8)).entries
    #expect(entries.map(\.step) == [100, 120])
    #expect(entries[0].training?.bound == -150 && entries[0].imagesPerSecond == 900)
    #expect(entries[1].heldOut?.bound == -140 && entries[1].training == nil)
    #expect(RunHistory(log: Array(log.utf8), upTo: 110).entries.map(\.step) == [100])
  }

  @Test("says whether the model learns")
  func verdicts() {
    let rising = (1...20).map { -200 + 100 * (1 - 1 / Double($0)) }
    #expect(verdict(rising, rising).state == .good)
    #expect(verdict(rising, rising).words.hasPrefix("It learns:"))
    let falling = (1...20).map { $0 < 8 ? -200 + 10 * Double($0) : -130 - 5 * Double($0 - 7) }
    #expect(verdict(rising, falling).state == .bad)
    #expect(
      verdict(rising, falling).words.contains(
        "by heart: the bound on pictures held out was best at epoch 7"))
    let level = (1...20).map { $0 < 8 ? -200 + 10 * Double($0) : -130.1 }
    #expect(verdict(level, level).words.hasPrefix("It has levelled off"))
    #expect(verdict(rising, rising, rate: 0.01).words.contains("collapsed"))
    #expect(
      RunVerdict(RunHistory(), isConditional: false).words == "Nothing has been measured yet.")
    let one = RunVerdict(RunHistory([entry(10, training: -5)]), isConditional: false)
    #expect(one.state == .neutral && one.words.contains("the pictures it learns from is at −5"))
  }

  @Test("curves keep the numbers of long runs, and a run's beginning does not hide the rest")
  func curves() {
    let points = (0..<5000).map {
      LineChart.Point(Double($0), $0 < 10 ? -1e6 : -100 - 1 / Double($0))
    }
    let thinned = points.thinned(to: 240)
    #expect(thinned.count == 240 && thinned.last == points.last)
    #expect(zip(thinned, thinned.dropFirst()).allSatisfy { $0.x < $1.x })
    let chart = LineChart(
      "Bound", "A bound.", y: "nats", x: "epochs",
      [.init("a", points), .init("none", []), .init("nan", [.init(1, .nan)])])
    #expect(chart.series.map(\.name) == ["a"])
    #expect(!chart.html.contains("1\u{2009}000\u{2009}000") && chart.html.contains("−100"))
    #expect(chart.html.utf8.count < 8000)
  }
}

import Datasets
import Tensors
import VAE

/// Puts a report together: the course of a run, what its model makes, and words for those who see such a page
/// for the first time.
package struct ReportBuilder {
  package var title: String
  package let configuration: Configuration
  package var history = RunHistory()
  package var sheets = ModelPictures.Sheets()
  /// When the pictures were made, as in "epoch 12"; empty where nobody needs to know.
  package var sheetsMoment = ""
  package var film: [SampleFilm.Row] = []
  package var activity: [TrainingData.GroupActivity] = []
  /// The rate of each group, where no history tells it.
  package var groupRates: [Double] = []
  package var facts: [ReportPage.Fact] = []
  package var footer = ""
  package var refreshSeconds: Int?
  /// Whether the pictures were learned from, as none is held out.
  package var showsTrainingPictures = false
  /// Steps of an epoch; nil where nobody knows.
  package var stepsPerEpoch: Int?

  /// The pictures as HTML, once they are made.
  private var made: ReportPage.PictureHTML?

  package init(_ title: String, _ configuration: Configuration) {
    self.title = title
    self.configuration = configuration
  }

  package var page: ReportPage {
    get throws {
      var page = ReportPage(title: title)
      if !history.entries.isEmpty {
        page.verdict = RunVerdict(history, isConditional: configuration.isConditional)
      }
      page.facts = facts
      page.refreshSeconds = refreshSeconds
      page.footer = footer
      page.sections = [
        ReportPage.Section("What it makes", [.made(try made ?? ReportPage.PictureHTML(pictures))]),
        ReportPage.Section("How it learns", curves.map { .chart($0) }),
        ReportPage.Section("What the latents carry", latents),
      ]
      return page
    }
  }

  /// Encodes the pictures as they are, for all pages until it is called again.
  ///
  /// - Throws: `ImageError`.
  package mutating func makePictures() throws { made = try ReportPage.PictureHTML(pictures) }

  private var pictureWords: String {
    showsTrainingPictures
      ? "Pictures it learns from (none is held out)" : "Pictures it has never seen"
  }

  // MARK: Pictures

  private var pictures: [PictureFigure] {
    get throws {
      let moment = sheetsMoment.isEmpty ? "" : " Made at \(sheetsMoment)."
      let ratio = sheets.ratio.map { " The mean is \(Figures.number($0, 2)) dB" } ?? ""
      var figures: [PictureFigure] = []
      if !sheets.restored.isEmpty {
        let before = sheets.damagedRatio.map { ", of the damaged ones \(Figures.number($0, 2)) dB" }
        figures.append(
          PictureFigure(
            "Damaged, restored, clean",
            "\(pictureWords), from top to bottom: with damage as in training, as the model restores them, and "
              + "as they were. The middle should look like the bottom." + ratio + (before ?? "")
              + (ratio.isEmpty ? "" : ".") + moment,
            try triples(sheets.restored, "damaged, restored and clean")))
      }
      if !sheets.reconstructions.isEmpty {
        figures.append(
          PictureFigure(
            "Reconstructions",
            "\(pictureWords) above, what the model keeps of them below: encoded and decoded. The more alike, "
              + "the better." + ratio
              + (ratio.isEmpty ? "" : "; 20 dB is rough, 30 dB hard to tell apart.") + moment,
            try sheets.reconstructions.enumerated().map { index, pair in
              try PictureFigure.Item(
                [pair.original, pair.made], isColumn: true,
                alternative: "picture \(index + 1) and its reconstruction")
            }))
      }
      figures += try samples(moment)
      if !sheets.strip.isEmpty {
        figures.append(
          PictureFigure(
            "From one picture to another",
            "The latents of two pictures are mixed in even steps. A good model changes shape on the way; a weak "
              + "one cross-fades." + moment,
            [
              try PictureFigure.Item(
                sheets.strip, isColumn: false, alternative: "pictures between two pictures")
            ], isList: true))
      }
      if !sheets.holes.isEmpty {
        figures.append(
          PictureFigure(
            "A hole filled",
            "From top to bottom: a square taken away, what the model puts there, and what was there. It should "
              + "fit the rest, not be the same." + moment,
            try triples(sheets.holes, "a hole, its filling and the original")))
      }
      return figures
    }
  }

  private func triples(
    _ repairs: [ModelPictures.Sheets.Repair], _ words: String
  ) throws -> [PictureFigure.Item] {
    try repairs.enumerated().map { index, repair in
      try PictureFigure.Item(
        [repair.damaged, repair.repaired, repair.original], isColumn: true,
        alternative: "picture \(index + 1): \(words)")
    }
  }

  private func samples(_ moment: String) throws -> [PictureFigure] {
    let words =
      "New pictures, from noise alone. They should look like members of the set, and differ."
    guard film.count > 1 else {
      guard !sheets.samples.isEmpty else { return [] }
      return [
        PictureFigure(
          "Samples", words + moment,
          [
            try PictureFigure.Item(
              sheets.samples, isColumn: false, alternative: "samples of the model")
          ], isList: true)
      ]
    }
    return [
      PictureFigure(
        "Samples",
        words + " Every row begins with the same noise: what changes from row to row is the model.",
        film.map { row in
          let label = self.moment(ofStep: row.step)
          return PictureFigure.Item(
            pixels: row.pixels, cell: min(row.pixels.shape[1], row.pixels.shape[2]), label: label,
            alternative: "samples at \(label)")
        }, isList: true)
    ]
  }

  /// "epoch 12", or "step 300".
  func moment(ofStep step: Int) -> String {
    stepsPerEpoch.map { "epoch \(Figures.plain(Double(step) / Double(max(1, $0))))" }
      ?? "step \(step)"
  }

  // MARK: Curves

  /// Curves over epochs where all lines of the history tell them, over steps otherwise.
  private var curves: [LineChart] {
    let entries = history.entries
    guard entries.count > 1 else { return [] }
    let hasEpochs = entries.allSatisfy { $0.epoch != nil }
    let x = hasEpochs ? "epochs" : "steps"
    func series(_ name: String, _ value: (RunHistory.Entry) -> Double?) -> LineChart.Series {
      LineChart.Series(
        name,
        entries.compactMap { entry in
          value(entry).map {
            LineChart.Point(hasEpochs ? entry.epoch ?? 0 : Double(entry.step), $0)
          }
        })
    }
    var charts: [LineChart] = []
    if configuration.isConditional {
      charts.append(
        LineChart(
          "Restored pictures",
          "How near restored pictures are to clean ones. Higher is better; one dB is seen.",
          y: "PSNR, dB",
          x: x,
          [series("training", \.trainingRatio), series("held out", \.heldOutRatio)]))
    }
    charts += [
      LineChart(
        "Bound",
        "What the model says of a picture's probability. Higher is better. Where it falls on pictures held "
          + "out and rises in training, pictures are learned by heart.", y: "nats per picture",
        x: x,
        [series("training") { $0.training?.bound }, series("held out") { $0.heldOut?.bound }]),
      LineChart(
        "Distortion",
        "What is still wrong after encoding and decoding. Lower is better.", y: "nats per picture",
        x: x,
        [
          series("training") { $0.training?.distortion },
          series("held out") { $0.heldOut?.distortion },
        ]),
      LineChart(
        "Rate",
        "What the latents carry of a picture. At 0 they say nothing: the posterior has collapsed.",
        y: "nats per picture", x: x,
        [series("training") { $0.training?.rate }, series("held out") { $0.heldOut?.rate }],
        showsZero: true),
      LineChart(
        "Learning rate", "How far a step goes: the length of the run is in its shape.",
        y: "learning rate",
        x: x, [series("learning rate", \.learningRate)], showsZero: true),
    ]
    if entries.contains(where: { ($0.rateWeight ?? 1) < 1 }) {
      charts.append(
        LineChart(
          "Weight of the rate",
          "The rate is warmed up, so that the latents come into use before it counts in full.",
          y: "weight", x: x, [series("weight", \.rateWeight)], showsZero: true))
    }
    return charts.filter { !$0.isEmpty }
  }

  // MARK: Latents

  private var groups: [LatentGroup] { configuration.groups(of: configuration.image) }

  /// Levels from the coarsest to the finest, with the places of their groups.
  private var levels: [(name: String, groups: [Int])] {
    let groups = groups
    guard groups.count > 1 else { return [("all", [0])] }
    return (0..<configuration.levels).reversed().compactMap { level in
      let own = groups.indices.filter { groups[$0].level == level }
      guard let first = own.first else { return nil }
      let shape = groups[first].shape
      return ("\(shape[2])x\(shape[1])", own)
    }
  }

  private var latents: [ReportPage.Figure] {
    var figures: [ReportPage.Figure] = []
    let levels = levels
    let entries = history.entries.filter { $0.groupRates.count == groups.count }
    if entries.count > 1 && levels.count > 1 {
      let hasEpochs = entries.allSatisfy { $0.epoch != nil }
      let chart = LineChart(
        "Rate by level",
        "Where the information of a picture lies: coarse grids hold shape, fine ones detail. A level at 0 is "
          + "not in use.", y: "nats per picture", x: hasEpochs ? "epochs" : "steps",
        levels.map { level in
          LineChart.Series(
            level.name,
            entries.map { entry in
              LineChart.Point(
                hasEpochs ? entry.epoch ?? 0 : Double(entry.step),
                level.groups.reduce(0) { $0 + entry.groupRates[$1] })
            })
        }, showsZero: true)
      figures.append(.chart(chart))
    } else if groupRates.count == groups.count, levels.count > 1 {
      let total = max(groupRates.reduce(0, +), 1e-12)
      figures.append(
        .shares(
          ShareChart(
            "Rate by level",
            "Where the information of a picture lies, in percent of \(Figures.short(total)) nats: coarse grids "
              + "hold shape, fine ones detail.",
            levels.map { level in
              let rate = level.groups.reduce(0) { $0 + groupRates[$1] }
              return ShareChart.Row(level.name, Int((100 * rate / total).rounded()), of: 100)
            })))
    }
    if activity.count == groups.count {
      figures.append(
        .shares(
          ShareChart(
            "Active latents" + (levels.count > 1 ? " by level" : ""),
            "Latents whose mean differs from picture to picture (a variance above "
              + "\(Figures.short(LatentStatistics.activityThreshold))). The others carry nothing; some are always "
              + "left over.",
            levels.map { level in
              let own = level.groups.map { activity[$0] }
              return ShareChart.Row(
                level.name, own.reduce(0) { $0 + $1.active }, of: own.reduce(0) { $0 + $1.units })
            })))
    }
    return figures
  }
}

import Checkpoints
import Platform
import VAE

/// The numbers that stand above a report.
enum ReportFacts {
  /// Of a run as it is.
  static func ofRun(
    _ builder: ReportBuilder, _ trainer: Trainer, _ data: TrainingData
  ) -> [ReportPage.Fact] {
    let last = builder.history.entries.last
    var facts: [ReportPage.Fact] = []
    func add(_ name: String, _ value: String?) {
      if let value { facts.append(ReportPage.Fact(name, value)) }
    }
    add("Epoch", Figures.number(trainer.epoch, trainer.epoch < 10 ? 1 : 0))
    add("Done", trainer.progress > 0 ? "\(Figures.number(100 * trainer.progress, 0)) %" : nil)
    add("Training time", Figures.time(trainer.state.seconds))
    add("Pictures a second", last?.imagesPerSecond.map { Figures.number($0, $0 < 10 ? 1 : 0) })
    let bound = last?.heldOut ?? last?.training
    add(
      last?.heldOut == nil ? "Bound, training" : "Bound, held out",
      bound.map { "\(Figures.number($0.bound, 1)) nats" })
    facts += measured(builder, bound)
    add("Pictures to learn from", Figures.number(Double(data.count), 0))
    add("Held out", Figures.number(Double(data.validationCount), 0))
    return facts + ofModel(trainer.model)
  }

  /// What was measured of a model.
  static func measured(_ builder: ReportBuilder, _ bound: BoundSummary?) -> [ReportPage.Fact] {
    var facts: [ReportPage.Fact] = []
    let configuration = builder.configuration
    if let bound, configuration.likelihood.isDiscrete, !configuration.isConditional {
      let bits = -bound.bound / Double(configuration.image.count) / log(2.0)
      facts.append(ReportPage.Fact("Bits per sample", Figures.number(bits, 3)))
    }
    if let ratio = builder.sheets.ratio {
      facts.append(
        ReportPage.Fact(
          configuration.isConditional ? "Restored" : "Reconstructions",
          "\(Figures.number(ratio, 2)) dB"))
    }
    if !builder.activity.isEmpty {
      let active = builder.activity.reduce(0) { $0 + $1.active }
      let units = builder.activity.reduce(0) { $0 + $1.units }
      facts.append(
        ReportPage.Fact(
          "Active latents",
          "\(Figures.number(Double(active), 0)) of \(Figures.number(Double(units), 0))"))
    }
    return facts
  }

  static func ofModel(_ model: Model) -> [ReportPage.Fact] {
    let configuration = model.configuration
    return [
      ReportPage.Fact(
        "Pictures", configuration.takesAnySize ? "any size" : configuration.image.description),
      ReportPage.Fact("Likelihood", configuration.likelihood.name),
      ReportPage.Fact("Parameters", Figures.number(Double(model.parameters.parameterCount), 0)),
    ]
  }
}

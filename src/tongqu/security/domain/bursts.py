"""When refusals are too many to be mistakes."""

from datetime import timedelta

from tongqu.kernel.law import Assumption

WINDOW = timedelta(minutes=10)
MOST_REFUSED = 50
BURST = Assumption("10 分钟内同一主体从同一地址被拒 50 次，视为短时间多次被拒")
